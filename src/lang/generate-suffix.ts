/**
 * Suffixed expressions: indexing, calls and method calls. A chain (`a.b:c(d).e`) leans left; it is
 * followed in a loop, with every intermediate value in the same register.
 */

import type {
  CallExpression,
  Expression,
  IndexExpression,
  MethodCallExpression,
  NameExpression,
  Reference,
} from './ast.ts'
import { NAME_KIND, type OperandName } from './code-buffer.ts'
import { isOpen } from './fold.ts'
import type { FunctionState } from './function-state.ts'
import {
  emitGet,
  isShort,
  nameNumber,
  nameOperand,
  toAny,
  toKey,
  toNext,
  toRegister,
  upvalueOf,
} from './operand.ts'

export type Call = CallExpression | MethodCallExpression
type Suffixed = IndexExpression | Call
type GlobalReference = Extract<Reference, { kind: 'global' }>

/** All results of a call, as an open list. */
export const OPEN = -1

/** The value of a chain into a register. */
export function suffixed(f: FunctionState, top: Suffixed, register: number): void {
  const mark = f.free
  if (f.isTop(register)) f.free--
  const base = f.free
  chain(f, top, base, register, 1)
  if (top.kind !== 'Index' && base !== register) f.code.abc('MOVE', register, base, 0, top.line)
  f.free = mark
}

/** The results of a call from `f.free` on: `count` of them, or all. Takes no registers. */
export function callResults(f: FunctionState, call: Call, count: number): void {
  const mark = f.free
  chain(f, call, mark, mark, count)
  f.free = mark
}

/**
 * A chain whose intermediate values, and function and results, are at `base`, the first free register;
 * the value of a last field goes to `target`.
 */
function chain(f: FunctionState, top: Suffixed, base: number, target: number, results: number): void {
  const spine: Suffixed[] = []
  let node: Expression = top
  while (node.kind === 'Index' || node.kind === 'Call' || node.kind === 'MethodCall') {
    spine.push(node)
    node = node.kind === 'Call' ? node.callee : node.object
  }
  let first = true
  for (let link = spine.pop(); link !== undefined; link = spine.pop()) {
    const last = link === top
    if (link.kind === 'Index') index(f, link, first, base, last ? target : base)
    else call(f, link, first, base, last ? results : 1)
    f.free = base
    if (!last) f.reserve(1)
    first = false
  }
}

/** A field of the value at `base`, or, at the start of a chain, of a value yet to be evaluated. */
function index(f: FunctionState, node: IndexExpression, first: boolean, base: number, target: number): void {
  const { object, key, line } = node
  const upvalue = first ? upvalueOf(object) : undefined
  if (upvalue !== undefined && key.kind === 'String' && isShort(key.value)) {
    f.code.abd('GETTABUP', target, upvalue, f.constant(key.value), line)
    f.touch(target + 1)
    return
  }
  const register = first ? toAny(f, object) : base
  const at = emitGet(f, target, register, toKey(f, key), line)
  nameOperand(f, at, 0, object)
  f.touch(target + 1)
}

/** A call of the value at `base`, or, at the start of a chain, of a value yet to be evaluated. */
function call(f: FunctionState, node: Call, first: boolean, base: number, results: number): void {
  let fixed = 0
  if (node.kind === 'MethodCall') {
    self(f, node, first, base)
    fixed = 1
  } else if (first) toNext(f, node.callee)
  f.free = base
  f.reserve(2 + fixed)
  const count = argumentList(f, node.arguments, fixed)
  const at = f.code.abc('CALL', base, count, results + 1, node.line)
  nameCallee(f, at, node)
}

function self(f: FunctionState, node: MethodCallExpression, first: boolean, base: number): void {
  const { object, method, line } = node
  const register = first ? toAny(f, object) : base
  if (isShort(method)) {
    nameOperand(f, f.code.abd('SELF', base, register, f.constant(method), line), 0, object)
    return
  }
  f.free = base
  const key = f.reserve(4) + 3
  f.code.abc('MOVE', base + 2, register, 0, line)
  toRegister(f, { kind: 'String', value: method, line, column: node.column }, key)
  nameOperand(f, f.code.abc('GETTABLE', base, base + 2, key, line), 0, object)
}

/** Evaluates arguments into the next registers; returns B of the call, where `fixed` are in place. */
function argumentList(f: FunctionState, list: readonly Expression[], fixed: number): number {
  return valueList(f, list) === OPEN ? 0 : list.length + fixed + 1
}

/** Evaluates a list into the next registers; returns how many values that are, or OPEN. */
export function valueList(f: FunctionState, list: readonly Expression[]): number {
  for (let i = 0; i < list.length; i++) {
    const node = list[i]!
    if (i === list.length - 1 && isOpen(node)) {
      f.chunk.passes.values(f, node, OPEN)
      return OPEN
    }
    toNext(f, node)
  }
  return list.length
}

function nameCallee(f: FunctionState, word: number, node: Call): void {
  if (node.kind === 'Call') nameNumber(f, word, 0, node.callee)
  else f.code.name(word, 0, NAME_KIND.method, f.name(node.method))
}

/** Turns the CALL that was emitted last into a tail call. */
export function makeTailCall(f: FunctionState, node: Call): void {
  const { code } = f
  const at = code.here - 1
  const [a, b] = [(code.low[at]! >> 8) & 0xff, (code.low[at]! >> 16) & 0xff]
  const names: OperandName[] = []
  while (code.names.at(-1)?.word === at) names.unshift(code.names.pop()!)
  code.low.pop()
  code.high.pop()
  code.lines.pop()
  const tail = code.abc('TAILCALL', a, b, f.closes ? 1 : 0, node.line)
  for (const { operand, kind, name } of names) code.name(tail, operand, kind, name)
}

/** The value of a global variable into a register. */
export function globalValue(f: FunctionState, node: NameExpression, register: number): void {
  if (node.reference?.kind !== 'global') throw new Error(`${node.name} is not global`)
  const { env } = node.reference
  const { name, line } = node
  const mark = f.free
  if (env.kind === 'upvalue' && isShort(name)) {
    f.code.abd('GETTABUP', register, env.index, f.constant(name), line)
    return
  }
  const table = environment(f, node)
  const key = toKey(f, { kind: 'String', value: name, line, column: node.column })
  nameEnvironment(f, emitGet(f, register, table, key, line), node.reference)
  f.free = mark
}

/** The name of the variable whose field a global variable is, for an instruction that has it in a register. */
export function nameEnvironment(f: FunctionState, word: number, { env }: GlobalReference): void {
  if (env.kind !== 'constant') f.code.name(word, 0, NAME_KIND[env.kind], f.name('_ENV'))
  else if (env.value.kind === 'String') f.code.name(word, 0, NAME_KIND.constant, f.name(env.value.value))
}

/** A register that holds the table of a global variable. */
export function environment(f: FunctionState, { reference, line, column }: NameExpression): number {
  if (reference?.kind !== 'global') throw new Error('not a global')
  const { env } = reference
  if (env.kind === 'local') return f.registerOf(env.variable)
  if (env.kind === 'constant') return toNext(f, { ...env.value, line, column })
  const register = f.reserve(1)
  f.code.abc('GETUPVAL', register, env.index, 0, line)
  return register
}
