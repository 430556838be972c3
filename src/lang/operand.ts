/** Operands of instructions: expressions in registers, constants in the instruction, names for messages. */

import { LIMITS } from '../isa/layout.ts'
import type { Expression, NameExpression } from './ast.ts'
import { NAME_KIND } from './code-buffer.ts'
import { namedOperand } from './exits.ts'
import type { FunctionState } from './function-state.ts'

/** Evaluates an expression into `register`, which is reserved or holds a variable. */
export function toRegister(f: FunctionState, node: Expression, register: number): void {
  f.descend()
  f.at = node
  f.chunk.passes.value(f, node, register)
  f.ascend()
}

/** Evaluates an expression into the next free register. */
export function toNext(f: FunctionState, node: Expression): number {
  const register = f.reserve(1)
  toRegister(f, node, register)
  return register
}

/** A register that holds the value: a variable's own, or else `spare`, or else a new one. */
export function toAny(f: FunctionState, node: Expression, spare?: number): number {
  if (node.kind === 'Name' && node.reference?.kind === 'local') return f.registerOf(node.reference.variable)
  const register = spare ?? f.reserve(1)
  toRegister(f, node, register)
  return register
}

/** Whether a string is short enough to be part of an instruction. */
export function isShort(value: string): boolean {
  return value.length <= LIMITS.SHORT_STRING
}

const INT32 = 0x80000000n

/** An integer that fits into D. */
export function asInt32(node: Expression): number | undefined {
  if (node.kind !== 'Integer' || node.value < -INT32 || node.value >= INT32) return undefined
  return Number(node.value)
}

/** An integer that fits into E. */
export function asInt16(node: Expression): number | undefined {
  const value = asInt32(node)
  return value === undefined || value < -0x8000 || value > 0x7fff ? undefined : value
}

/** The key of a field, in the form that instructions take. */
export type Key =
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'integer'; readonly value: number }
  | { readonly kind: 'register'; readonly register: number }

/** Evaluates a key, unless it is a constant that instructions can hold. */
export function toKey(f: FunctionState, node: Expression): Key {
  if (node.kind === 'String' && isShort(node.value)) return { kind: 'string', value: node.value }
  const value = asInt32(node)
  if (value !== undefined) return { kind: 'integer', value }
  return { kind: 'register', register: toAny(f, node) }
}

/** R[register] := R[object][key]; returns the instruction. */
export function emitGet(f: FunctionState, register: number, object: number, key: Key, line: number): number {
  if (key.kind === 'string') return f.code.abd('GETFIELD', register, object, f.constant(key.value), line)
  if (key.kind === 'integer') return f.code.abd('GETI', register, object, key.value, line)
  return f.code.abc('GETTABLE', register, object, key.register, line)
}

/** R[object][key] := R[register]; returns the instruction. */
export function emitSet(f: FunctionState, register: number, object: number, key: Key, line: number): number {
  if (key.kind === 'string') return f.code.abd('SETFIELD', register, object, f.constant(key.value), line)
  if (key.kind === 'integer') return f.code.abd('SETI', register, object, key.value, line)
  return f.code.abc('SETTABLE', register, object, key.register, line)
}

/** The upvalue that a name means, if it means one. */
export function upvalueOf(node: Expression): number | undefined {
  return node.kind === 'Name' && node.reference?.kind === 'upvalue' ? node.reference.index : undefined
}

/** Puts the name of an operand, if its expression has one, into the debug information. */
export function nameOperand(f: FunctionState, word: number, operand: number, node: Expression): void {
  const named = describe(node)
  if (named !== undefined) f.code.name(word, operand, NAME_KIND[named.kind], f.name(named.name))
}

/** As `nameOperand`, for operators and calls: there constants have names too. */
export function nameNumber(f: FunctionState, word: number, operand: number, node: Expression): void {
  const named = namedOperand(node)
  if (named?.kind === 'String') f.code.name(word, operand, NAME_KIND.constant, f.name(named.value))
  else nameOperand(f, word, operand, node)
}

interface Described {
  readonly kind: keyof typeof NAME_KIND
  readonly name: string
}

/** How the reference's messages call the value of an expression. */
function describe(whole: Expression): Described | undefined {
  const node = namedOperand(whole)
  if (node === undefined) return undefined
  if (node.kind === 'Name') return { kind: kindOfName(node), name: node.name }
  if (node.kind !== 'Index') return undefined
  const { object, key } = node
  if (key.kind === 'String') {
    const global = object.kind === 'Name' && object.name === '_ENV'
    return { kind: global ? 'global' : 'field', name: key.value }
  }
  const index = asInt32(key)
  const small = index !== undefined && index >= 0 && index < 256 // part of the reference's instruction
  return { kind: 'field', name: small ? 'integer index' : '?' }
}

function kindOfName(node: NameExpression): 'local' | 'upvalue' | 'global' {
  return node.reference!.kind
}
