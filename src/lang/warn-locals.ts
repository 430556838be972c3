/** Warns of locals that nothing uses, and of declarations that hide an earlier one. Names that begin with _ are exempt. */

import type { FunctionBody, LocalStatement, LocalVariable } from './ast.ts'
import { type Node, walk } from './walk.ts'
import type { Warnings } from './warnings.ts'

const isExempt = (name: string): boolean => name.startsWith('_')

export function warnOfLocals(main: FunctionBody, warnings: Warnings): void {
  walk(main.block, (node) => {
    switch (node.kind) {
      case 'Local':
        unusedOf(node, warnings)
        break
      case 'LocalFunction':
        if (!node.variable.used) unused(node.variable, warnings)
        break
    }
    for (const variable of declarationsOf(node)) {
      if (!isDeliberate(node, variable)) hidden(variable, warnings)
    }
    return false
  })
}

/** What a statement or a function declares. */
function declarationsOf(node: Node): readonly LocalVariable[] {
  switch (node.kind) {
    case 'Local':
    case 'GenericFor':
      return node.variables
    case 'LocalFunction':
      return [node.variable, ...node.body.parameters]
    case 'NumericFor':
      return [node.variable]
    case 'Function':
    case 'FunctionStatement':
      return node.body.parameters
    default:
      return []
  }
}

/** Variables before one that is used only keep places of values. */
function unusedOf({ variables }: LocalStatement, warnings: Warnings): void {
  const last = variables.findLastIndex(({ used }) => used)
  for (const variable of variables.slice(last + 1)) {
    if (variable.attribute !== 'close') unused(variable, warnings)
  }
}

function unused(variable: LocalVariable, warnings: Warnings): void {
  const { name } = variable
  if (!isExempt(name)) warnings.add('unusedLocal', { name }, { ...variable, length: name.length })
}

function hidden(variable: LocalVariable, warnings: Warnings): void {
  const { name, hides } = variable
  if (hides === undefined || isExempt(name) || name === 'self') return
  warnings.add('shadowedLocal', { name, line: hides.line }, { ...variable, length: name.length })
}

/** `local x = x`: a copy of what it hides. */
function isDeliberate(node: Node, variable: LocalVariable): boolean {
  if (node.kind !== 'Local') return false
  const value = node.values[node.variables.indexOf(variable)]
  return value?.kind === 'Name' && value.name === variable.name
}
