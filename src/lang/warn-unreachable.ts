/** Warns of statements that nothing leads to: after a break, a goto, or a statement that never ends. */

import type { Block, FunctionBody, Statement } from './ast.ts'
import { isConstant, isTruthy } from './fold.ts'
import { walk } from './walk.ts'
import type { Warnings } from './warnings.ts'

export function warnOfUnreachable(main: FunctionBody, warnings: Warnings): void {
  blockEnds(main.block, warnings)
  walk(main.block, (node) => {
    if (node.kind === 'Function' || node.kind === 'FunctionStatement' || node.kind === 'LocalFunction')
      blockEnds(node.body.block, warnings)
    return false
  })
}

/** How a statement or a block may be left: by going on after it, or by a break out of the loop around it. */
interface Ways {
  readonly on: boolean
  readonly breaks: boolean
}

/** Whether what follows a block is reached from it. Warns of the first statement that isn't, once in each block. */
function blockEnds({ statements }: Block, warnings: Warnings): Ways {
  let [on, breaks, warned] = [true, false, false]
  for (const node of statements) {
    if (node.kind === 'Label') on = true // some goto may lead here
    if (!on && !warned) {
      warned = true
      warnings.add('unreachable', {}, { line: node.line, column: node.column, length: 1 })
    }
    const ways = statementEnds(node, warnings)
    if (on) breaks ||= ways.breaks
    on &&= ways.on
  }
  return { on, breaks }
}

function statementEnds(node: Statement, warnings: Warnings): Ways {
  switch (node.kind) {
    case 'Return':
    case 'Goto':
      return { on: false, breaks: false }
    case 'Break':
      return { on: false, breaks: true }
    case 'Do':
      return blockEnds(node.body, warnings)
    case 'While': {
      const { breaks } = blockEnds(node.body, warnings)
      const endless = isConstant(node.condition) && isTruthy(node.condition)
      return { on: breaks || !endless, breaks: false }
    }
    case 'Repeat': {
      const { on, breaks } = blockEnds(node.body, warnings)
      const endless = isConstant(node.condition) && !isTruthy(node.condition)
      return { on: breaks || (on && !endless), breaks: false }
    }
    case 'NumericFor':
    case 'GenericFor':
      blockEnds(node.body, warnings)
      return { on: true, breaks: false }
    case 'If': {
      const blocks = node.clauses.map(({ body }) => body)
      if (node.otherwise) blocks.push(node.otherwise)
      const ways = blocks.map((block) => blockEnds(block, warnings))
      return {
        on: node.otherwise === undefined || ways.some(({ on }) => on),
        breaks: ways.some(({ breaks }) => breaks),
      }
    }
    default:
      return { on: true, breaks: false }
  }
}
