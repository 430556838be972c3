/**
 * Finds uses of what Lua has and Moonring has not, in a tree that the resolver has been through. A script that
 * assigns to such a name, or asks whether it is there, knows what it does.
 */
import { hintForAbsent } from '../isa/reference/absent.ts'
import type { Expression, FunctionBody, IndexExpression, NameExpression, Statement } from './ast.ts'
import type { Findings } from './diagnostics.ts'
import type { Position } from './source.ts'

/** Bytes; only for the order of findings. */
const LONGEST_LINE = 2 ** 26

interface Use {
  /** `io`, or `io.open`. */
  readonly name: string
  readonly hint: string
  readonly at: Position
}

/** The name, if the node is a global of the chunk: no local, and of no `_ENV` of the script's own. */
function globalName(node: NameExpression): string | undefined {
  const { reference } = node
  if (reference?.kind !== 'global') return undefined
  const { env } = reference
  return env.kind === 'upvalue' && env.variable === undefined ? node.name : undefined
}

/** Global and field of `global.field`, or of `global` alone. */
function pathOf(node: Expression): readonly [global: string, field?: string] | undefined {
  if (node.kind === 'Name') {
    const name = globalName(node)
    return name === undefined ? undefined : [name]
  }
  if (node.kind !== 'Index' || node.object.kind !== 'Name' || node.key.kind !== 'String') return undefined
  const name = globalName(node.object)
  return name === undefined ? undefined : [name, node.key.value]
}

type Node = Expression | Statement

const isNode = (value: object): value is Node => 'kind' in value

/** What the resolver has added leads elsewhere in the tree, and declarations hold no names that are used. */
const ASIDE = new Set(['reference', 'upvalues', 'variable', 'variables', 'parameters'])

const partsOf = (node: object): unknown[] =>
  Object.entries(node).flatMap(([key, value]) => (ASIDE.has(key) ? [] : [value]))

class Walk {
  readonly uses: Use[] = []
  /** Names that the script sets, or tests. */
  readonly known = new Set<string>()

  /** Statements, expressions and what they hold, in the order of the text; no recursion, for deep trees. */
  run(root: object): void {
    const rest: unknown[] = [root]
    while (rest.length > 0) {
      const node = rest.pop()
      if (typeof node !== 'object' || node === null) continue
      if (isNode(node) && this.take(node)) continue
      const parts = Array.isArray(node) ? node : partsOf(node)
      for (let i = parts.length - 1; i >= 0; i--) rest.push(parts[i])
    }
  }

  /** True: nothing more to see in it. */
  private take(node: Node): boolean {
    switch (node.kind) {
      case 'Assign':
        for (const target of node.targets) this.learn(target)
        return false
      case 'FunctionStatement':
        this.learn(node.target)
        return false
      case 'Logical':
        for (const operand of node.operands) this.learn(operand)
        return false
      case 'Unary':
        if (node.operator === 'not') this.learn(node.operand)
        return false
      case 'Binary':
        if (node.operator === '==' || node.operator === '~=')
          for (const side of [node.left, node.right]) this.learn(side)
        return false
      case 'If':
        for (const { condition } of node.clauses) this.learn(condition)
        return false
      case 'Name':
      case 'Index':
        return this.use(node)
      default:
        return false
    }
  }

  private learn(node: Expression): void {
    const path = pathOf(node)
    if (path) this.known.add(path.join('.'))
  }

  private use(node: NameExpression | IndexExpression): boolean {
    const path = pathOf(node)
    if (!path) return false
    const hint = hintForAbsent(...path)
    if (hint !== undefined)
      this.uses.push({ name: path.join('.'), hint, at: node.kind === 'Index' ? node.object : node })
    return true
  }
}

/** Adds a warning for each use. */
export function warnOfAbsent(main: FunctionBody, findings: Findings): void {
  const walk = new Walk()
  walk.run(main.block)
  for (const { name, hint, at } of walk.uses) {
    const [global] = name.split('.')
    if (walk.known.has(name) || walk.known.has(global as string)) continue
    findings.add(
      'absent',
      { name },
      { line: at.line, column: at.column, length: name.length, reached: at.line * LONGEST_LINE + at.column },
      hint,
    )
  }
}
