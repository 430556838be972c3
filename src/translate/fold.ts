/** Constants are computed, and conditions simplified, while the intermediate code is made. */

import type { Block } from './ir.ts'
import {
  type BinaryOp,
  type Condition,
  type Func,
  INVERSE,
  type Node,
  newNode,
  SWAPPED,
  type UnaryOp,
} from './ir.ts'
import type { WasmType } from './wasm-operators.ts'

const bitsOf = (type: WasmType): bigint => (type === 'i32' ? 32n : 64n)
const signedOf = (type: WasmType, v: bigint): bigint => BigInt.asIntN(type === 'i32' ? 32 : 64, v)
const unsignedOf = (type: WasmType, v: bigint): bigint => BigInt.asUintN(type === 'i32' ? 32 : 64, v)

/** Result of a binary operator on constants; undefined where it traps. */
export function computeBinary(op: BinaryOp, type: WasmType, a: bigint, b: bigint): bigint | undefined {
  const bits = bitsOf(type)
  const u = unsignedOf(type, a)
  const v = unsignedOf(type, b)
  const shift = v % bits
  switch (op) {
    case 'add':
      return signedOf(type, a + b)
    case 'sub':
      return signedOf(type, a - b)
    case 'mul':
      return signedOf(type, a * b)
    case 'div_s':
      return b === 0n || (b === -1n && a === -(1n << (bits - 1n))) ? undefined : signedOf(type, a / b)
    case 'div_u':
      return b === 0n ? undefined : signedOf(type, u / v)
    case 'rem_s':
      return b === 0n ? undefined : signedOf(type, a % b)
    case 'rem_u':
      return b === 0n ? undefined : signedOf(type, u % v)
    case 'and':
      return a & b
    case 'or':
      return a | b
    case 'xor':
      return a ^ b
    case 'shl':
      return signedOf(type, a << shift)
    case 'shr_s':
      return a >> shift
    case 'shr_u':
      return signedOf(type, u >> shift)
    case 'rotl':
      return signedOf(type, (u << shift) | (u >> (bits - shift)))
    case 'rotr':
      return signedOf(type, (u >> shift) | (u << (bits - shift)))
  }
}

export function computeUnary(op: UnaryOp, type: WasmType, a: bigint): bigint {
  const text = unsignedOf(type, a)
    .toString(2)
    .padStart(Number(bitsOf(type)), '0')
  switch (op) {
    case 'clz':
      return BigInt(text.includes('1') ? text.indexOf('1') : text.length)
    case 'ctz':
      return BigInt(text.includes('1') ? text.length - 1 - text.lastIndexOf('1') : text.length)
    case 'popcnt':
      return BigInt(text.replaceAll('0', '').length)
    case 'extend8_s':
      return BigInt.asIntN(8, a)
    case 'extend16_s':
      return BigInt.asIntN(16, a)
    case 'extend32_s':
      return BigInt.asIntN(32, a)
  }
}

export function computeCondition(op: Condition, type: WasmType, a: bigint, b: bigint): boolean {
  const [x, y] = op.endsWith('_u') ? [unsignedOf(type, a), unsignedOf(type, b)] : [a, b]
  switch (op.slice(0, 2)) {
    case 'eq':
      return x === y
    case 'ne':
      return x !== y
    case 'lt':
      return x < y
    case 'gt':
      return x > y
    case 'le':
      return x <= y
    default:
      return x >= y
  }
}

export function constant(f: Func, type: WasmType, value: bigint, block: Block): Node {
  const node = newNode(f, 'const', type, [], block)
  node.value = signedOf(type, value)
  return node
}

const COMMUTATIVE: ReadonlySet<string> = new Set(['add', 'mul', 'and', 'or', 'xor'])

/** A node for `a op b`, or a simpler one; constants stand on the right where they may. */
export function foldBinary(
  f: Func,
  op: BinaryOp,
  type: WasmType,
  a: Node,
  b: Node,
  block: Block,
): Node | undefined {
  if (a.kind === 'const' && b.kind === 'const') {
    const value = computeBinary(op, type, a.value, b.value)
    if (value !== undefined) return constant(f, type, value, block)
  }
  if (a.kind === 'const' && COMMUTATIVE.has(op) && b.kind !== 'const')
    return foldBinary(f, op, type, b, a, block) ?? binary(f, op, type, b, a, block)
  if (b.kind === 'const' && b.value === 0n && /^(add|sub|or|xor|shl|shr_|rot)/.test(op)) return a
  if (
    b.kind === 'const' &&
    op === 'add' &&
    a.kind === 'binary' &&
    a.op === 'add' &&
    a.args[1]?.kind === 'const'
  ) {
    const sum = constant(f, type, a.args[1].value + b.value, block)
    return (
      foldBinary(f, 'add', type, a.args[0] as Node, sum, block) ??
      binary(f, 'add', type, a.args[0] as Node, sum, block)
    )
  }
  return undefined
}

function binary(f: Func, op: BinaryOp, type: WasmType, a: Node, b: Node, block: Block): Node {
  const node = newNode(f, 'binary', type, [a, b], block)
  node.op = op
  block.nodes.push(node)
  return node
}

/** A comparison, or what is simpler: of constants, and of comparisons with zero. */
export function foldCompare(f: Func, op: Condition, a: Node, b: Node, block: Block): Node {
  const type = a.type as WasmType
  if (a.kind === 'const' && b.kind === 'const')
    return constant(f, 'i32', computeCondition(op, type, a.value, b.value) ? 1n : 0n, block)
  if (a.kind === 'const') return foldCompare(f, SWAPPED[op], b, a, block)
  if (a.kind === 'compare' && b.kind === 'const' && b.value === 0n && (op === 'eq' || op === 'ne'))
    return op === 'ne'
      ? a
      : foldCompare(f, INVERSE[a.op as Condition], a.args[0] as Node, a.args[1] as Node, block)
  const node = newNode(f, 'compare', 'i32', [a, b], block)
  node.op = op
  block.nodes.push(node)
  return node
}

/** A conversion of a constant or of another conversion. */
export function foldConvert(
  f: Func,
  kind: 'wrap' | 'extend_s' | 'extend_u',
  a: Node,
  block: Block,
): Node | undefined {
  if (a.kind === 'const') {
    if (kind === 'wrap') return constant(f, 'i32', a.value, block)
    return constant(f, 'i64', kind === 'extend_s' ? a.value : BigInt.asUintN(32, a.value), block)
  }
  if (kind === 'wrap' && (a.kind === 'extend_s' || a.kind === 'extend_u')) return a.args[0]
  return undefined
}
