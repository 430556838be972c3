/** Sixth pass: writes operators that eBPF doesn't have (rotations, counting of bits) with those that it has. */
import { constant } from './fold.ts'
import { type BinaryOp, type Block, type Condition, type Func, type Node, newNode } from './ir.ts'
import { replaceValues } from './simplify.ts'
import type { WasmType } from './wasm-operators.ts'

/** Makes nodes for one position in a block. */
class Sequence {
  readonly nodes: Node[] = []
  readonly #f: Func
  readonly #block: Block
  readonly #type: WasmType
  readonly #position: number

  constructor(f: Func, { block, type, position }: Node) {
    this.#f = f
    this.#block = block
    this.#type = type as WasmType
    this.#position = position
  }

  get bits(): number {
    return this.#type === 'i32' ? 32 : 64
  }

  constant(value: bigint): Node {
    return constant(this.#f, this.#type, value, this.#block)
  }

  binary(op: BinaryOp, a: Node, b: Node | number): Node {
    const right = typeof b === 'number' ? this.constant(BigInt(b)) : b
    return this.#add(newNode(this.#f, 'binary', this.#type, [a, right], this.#block), op)
  }

  /** 0 or 1, in the sequence's type. */
  test(op: Condition, a: Node, b: Node): Node {
    const flag = this.#add(newNode(this.#f, 'compare', 'i32', [a, b], this.#block), op)
    if (this.#type === 'i32') return flag
    return this.#add(newNode(this.#f, 'extend_u', 'i64', [flag], this.#block), undefined)
  }

  #add(node: Node, op: Node['op']): Node {
    node.op = op
    node.position = this.#position
    this.nodes.push(node)
    return node
  }
}

/** (x << n) | (x >> -n), or the other way round: eBPF takes counts modulo the width, as WebAssembly does. */
function rotate(s: Sequence, op: 'rotl' | 'rotr', x: Node, n: Node): Node {
  const back =
    n.kind === 'const' ? s.constant(-n.value & BigInt(s.bits - 1)) : s.binary('sub', s.constant(0n), n)
  const [there, other]: BinaryOp[] = op === 'rotl' ? ['shl', 'shr_u'] : ['shr_u', 'shl']
  const count = n.kind === 'const' ? s.constant(n.value & BigInt(s.bits - 1)) : n
  return s.binary('or', s.binary(there as BinaryOp, x, count), s.binary(other as BinaryOp, x, back))
}

/** Leading zeros, by halves: if the upper half is zero, count it and go on with the lower one. */
function countLeading(s: Sequence, x: Node): Node {
  let rest = x
  let count = s.constant(0n)
  for (let half = s.bits / 2; half >= 1; half /= 2) {
    const isZero = s.test('eq', s.binary('shr_u', rest, s.bits - half), s.constant(0n))
    const step = s.binary('shl', isZero, Math.log2(half))
    count = s.binary('add', step, count)
    rest = s.binary('shl', rest, step)
  }
  // of zero, one bit is left over
  return s.binary('add', count, s.binary('xor', s.binary('shr_u', rest, s.bits - 1), 1))
}

/** Set bits, in pairs, nibbles, bytes, then all bytes at once. See H. S. Warren, "Hacker's Delight", 5-1. */
function countBits(s: Sequence, x: Node): Node {
  const mask = (byte: bigint): Node => s.constant(byte * (s.bits === 32 ? 0x01010101n : 0x0101010101010101n))
  const pairs = s.binary('sub', x, s.binary('and', s.binary('shr_u', x, 1), mask(0x55n)))
  const nibbles = s.binary(
    'add',
    s.binary('and', pairs, mask(0x33n)),
    s.binary('and', s.binary('shr_u', pairs, 2), mask(0x33n)),
  )
  const bytes = s.binary('and', s.binary('add', nibbles, s.binary('shr_u', nibbles, 4)), mask(0x0fn))
  return s.binary('shr_u', s.binary('mul', bytes, mask(1n)), s.bits - 8)
}

/** Trailing zeros: the set bits below the lowest one. */
function countTrailing(s: Sequence, x: Node): Node {
  const below = s.binary('sub', x, 1)
  return countBits(s, s.binary('and', s.binary('xor', x, s.constant(-1n)), below))
}

function expandNode(f: Func, node: Node): { nodes: Node[]; value: Node } | undefined {
  const [a, b] = node.args as [Node, Node]
  const s = new Sequence(f, node)
  let value: Node
  if (node.op === 'rotl' || node.op === 'rotr') value = rotate(s, node.op, a, b)
  else if (node.op === 'clz') value = countLeading(s, a)
  else if (node.op === 'ctz') value = countTrailing(s, a)
  else if (node.op === 'popcnt') value = countBits(s, a)
  else return undefined
  return { nodes: s.nodes, value }
}

export function expand(f: Func): void {
  const replacement = new Map<Node, Node>()
  for (const block of f.blocks)
    block.nodes = block.nodes.flatMap((node) => {
      const expanded = expandNode(f, node)
      if (!expanded) return [node]
      replacement.set(node, expanded.value)
      return expanded.nodes
    })
  if (replacement.size === 0) return
  replaceValues(f, replacement)
}
