/**
 * Warns of globals, and of fields of libraries, that don't exist: what Lua has and Moonring has not, and what nobody has
 * defined. A script that assigns to such a name, or asks whether it is there, knows what it does.
 */
import { hintForAbsent } from '../isa/reference/absent.ts'
import { BASIC, REFERENCE } from '../isa/reference/index.ts'
import type { Expression, FunctionBody, IndexExpression, NameExpression } from './ast.ts'
import { similar } from './similar.ts'
import { type Node, walk } from './walk.ts'
import type { Warnings } from './warnings.ts'

interface Use {
  readonly global: string
  readonly field: string | undefined
  readonly at: NameExpression
}

/** The name, if the node is a global of the chunk: no local, and of no `_ENV` of the script's own. */
function globalName(node: NameExpression): string | undefined {
  const { reference } = node
  if (reference?.kind === 'upvalue' && reference.variable === undefined) return node.name // _ENV
  if (reference?.kind !== 'global') return undefined
  const { env } = reference
  return env.kind === 'upvalue' && env.variable === undefined ? node.name : undefined
}

/** Names of the table of globals itself. */
const isGlobals = (name: string | undefined): boolean => name === '_G' || name === '_ENV'

/** Global and field of `global.field`, or of `global` alone; `_G.name` is a global. */
function pathOf(node: Expression): readonly [global: string, field?: string] | undefined {
  if (node.kind === 'Name') {
    const name = globalName(node)
    return name === undefined ? undefined : [name]
  }
  if (node.kind !== 'Index' || node.key.kind !== 'String') return undefined
  const path = pathOfTable(node.object)
  if (path === undefined) return undefined
  return isGlobals(path) ? [node.key.value] : [path, node.key.value]
}

function pathOfTable(node: Expression): string | undefined {
  if (node.kind === 'Name') return globalName(node)
  if (node.kind !== 'Index' || node.object.kind !== 'Name' || node.key.kind !== 'String') return undefined
  return isGlobals(globalName(node.object)) ? node.key.value : undefined
}

class NameWalk {
  readonly uses: Use[] = []
  /** Names that the script sets, or tests. */
  readonly known = new Set<string>()
  /** The script sets globals by names that aren't in its text. */
  dynamic = false

  /** True: nothing more to see in it. */
  take(node: Node): boolean {
    switch (node.kind) {
      case 'Assign':
        for (const target of node.targets) this.set(target)
        return false
      case 'FunctionStatement':
        this.learn(node.target)
        return false
      case 'Call':
        this.call(node.callee, node.arguments)
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

  private set(target: NameExpression | IndexExpression): void {
    const named = target.kind === 'Name' || target.key.kind === 'String'
    if (!named && target.object.kind === 'Name' && isGlobals(globalName(target.object))) this.dynamic = true
    this.learn(target)
  }

  /** setmetatable and rawset make globals out of nothing. */
  private call(callee: Expression, [table, key]: readonly Expression[]): void {
    const name = callee.kind === 'Name' ? globalName(callee) : undefined
    if (table?.kind !== 'Name' || !isGlobals(globalName(table))) return
    if (name === 'rawset' && key?.kind === 'String') this.known.add(key.value)
    else if (name === 'setmetatable' || name === 'rawset') this.dynamic = true
  }

  private use(node: NameExpression | IndexExpression): boolean {
    const path = pathOf(node)
    if (!path) return false
    const [global, field] = path
    let at: Expression = node
    while (at.kind === 'Index') at = at.object
    this.uses.push({ global, field, at: at as NameExpression })
    return true
  }
}

const GLOBALS: ReadonlySet<string> = new Set([
  '_ENV',
  ...namesOf(BASIC),
  ...Object.keys(REFERENCE).filter((name) => name !== BASIC),
])

function namesOf(library: string): string[] {
  const { functions, values = {} } = REFERENCE[library]!
  return [...Object.keys(functions), ...Object.keys(values)]
}

const FIELDS: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.keys(REFERENCE).map((library) => [library, new Set(namesOf(library))]),
)

/** `globals` are names that whoever runs the script provides. */
export function warnOfNames(main: FunctionBody, globals: ReadonlySet<string>, warnings: Warnings): void {
  const names = new NameWalk()
  walk(main.block, (node) => names.take(node))
  for (const use of names.uses) {
    const { global, field } = use
    const name = field === undefined ? global : `${global}.${field}`
    if (globals.has(global) || names.known.has(global)) continue
    const span = { ...use.at, length: name.length }
    const hint = hintForAbsent(global, field)
    if (hint !== undefined) {
      if (!names.known.has(name)) warnings.add('absent', { name }, span, hint)
    } else if (!GLOBALS.has(global)) {
      if (names.dynamic) continue
      const meant = similar(global, [...GLOBALS, ...names.known].filter(isPlain))
      warnings.add('unknownGlobal', { name: global }, { ...use.at, length: global.length }, adviceFor(meant))
    } else if (field !== undefined && !names.known.has(name) && FIELDS.get(global)?.has(field) === false) {
      const meant = similar(field, FIELDS.get(global)!)
      warnings.add('unknownField', { name }, span, meant && `did you mean ${global}.${meant}?`)
    }
  }
}

const isPlain = (name: string): boolean => !name.includes('.')

function adviceFor(meant: string | undefined): string {
  const provided = 'if whoever runs the script provides it, say so with --globals'
  return meant === undefined ? provided : `did you mean ${meant}? ${provided}`
}
