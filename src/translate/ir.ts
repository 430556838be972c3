/**
 * The intermediate code: for each function a control-flow graph whose values are in static single assignment
 * form. Passes change it in place; `dump-ir.ts` prints it and `check-ir.ts` checks it after any of them.
 */
import type { WasmType } from './wasm-operators.ts'

export type BinaryOp =
  | 'add'
  | 'sub'
  | 'mul'
  | 'div_s'
  | 'div_u'
  | 'rem_s'
  | 'rem_u'
  | 'and'
  | 'or'
  | 'xor'
  | 'shl'
  | 'shr_s'
  | 'shr_u'
  | 'rotl'
  | 'rotr'

export type UnaryOp = 'clz' | 'ctz' | 'popcnt' | 'extend8_s' | 'extend16_s' | 'extend32_s'

export type Condition = 'eq' | 'ne' | 'lt_s' | 'lt_u' | 'gt_s' | 'gt_u' | 'le_s' | 'le_u' | 'ge_s' | 'ge_u'

export type NodeKind =
  | 'const' // the number `value`
  | 'param' // argument number `index`
  | 'phi' // an argument for each predecessor
  | 'binary' // args[0] op args[1]
  | 'unary' // op args[0]
  | 'compare' // args[0] condition args[1]: 0 or 1; args[2], if there: the opaque zero
  | 'wrap' // low half of a 64-bit value
  | 'extend_s'
  | 'extend_u' // of a 32-bit value
  | 'load' // memory at args[0] + offset
  | 'store' // memory at args[0] + offset := args[1]
  | 'select' // args[0] ? args[1] : args[2]
  | 'call' // function number `index`
  | 'base' // the arena's address 0
  | 'zero' // the opaque zero, read where it is used; args[0]: the arena's address 0
  | 'launder' // args[0], of which the verifier knows nothing any more; args[1]: the opaque zero
  | 'trap-check' // leave the function if a callee has trapped; args[0]: the arena's address 0

/** A value, or an effect. What the fields mean depends on the kind. */
export class Node {
  readonly id: number
  readonly kind: NodeKind
  /** Type of the value; undefined if there is none. */
  readonly type: WasmType | undefined
  args: Node[]
  block: Block
  op: BinaryOp | UnaryOp | Condition | undefined = undefined
  /** Constant. */
  value = 0n
  /** Number of a parameter or function. */
  index = 0
  /** Memory accesses: bytes, offset, whether the loaded value is sign-extended. */
  bytes: 1 | 2 | 4 | 8 = 8
  offset = 0
  signed = false
  /** Where it comes from: offset in the module, bytes; -1 unknown. */
  position = -1
  /** Is it a scalar for the verifier? 32-bit values that are not are arena pointers. */
  scalar = false
  /** A condition that is never a value: who uses it compares by itself. */
  fused = false

  constructor(id: number, kind: NodeKind, type: WasmType | undefined, args: Node[], block: Block) {
    this.id = id
    this.kind = kind
    this.type = type
    this.args = args
    this.block = block
  }
}

export type Terminator =
  | { readonly kind: 'jump'; target: Block }
  | { readonly kind: 'branch'; condition: Node; taken: Block; otherwise: Block; position: number }
  /** Targets by number; the last one is the default. */
  | { readonly kind: 'switch'; index: Node; targets: Block[]; position: number }
  | { readonly kind: 'return'; value: Node | undefined; position: number }
  | { readonly kind: 'trap'; position: number }

export class Block {
  readonly id: number
  phis: Node[] = []
  nodes: Node[] = []
  end: Terminator | undefined = undefined
  preds: Block[] = []
  /** Where it stands in the program. */
  order = 0
  /** How often it runs for each call of the function, estimated. */
  frequency = 1
  /** The target of a jump backwards. */
  isHeader = false

  constructor(id: number) {
    this.id = id
  }
}

export interface Func {
  readonly name: string
  readonly index: number
  readonly parameters: readonly WasmType[]
  readonly result: WasmType | undefined
  readonly entry: Block
  /** In the order of emission; the entry first. */
  blocks: Block[]
  nodeCount: number
  blockCount: number
}

export function successors(block: Block): Block[] {
  const { end } = block
  if (!end) return []
  switch (end.kind) {
    case 'jump':
      return [end.target]
    case 'branch':
      return [end.taken, end.otherwise]
    case 'switch':
      return [...new Set(end.targets)]
    default:
      return []
  }
}

/** The values that a terminator uses. */
export function usedAtEnd(block: Block): Node[] {
  const { end } = block
  if (end?.kind === 'branch') return [end.condition]
  if (end?.kind === 'switch') return [end.index]
  if (end?.kind === 'return' && end.value) return [end.value]
  return []
}

/** Removes an edge, with the arguments that phis have for it. */
export function removeEdge(from: Block, to: Block): void {
  const i = to.preds.indexOf(from)
  to.preds.splice(i, 1)
  for (const phi of to.phis) phi.args.splice(i, 1)
}

/** Replaces the successor `from` of a block by `to`. */
export function retarget(block: Block, from: Block, to: Block): void {
  const { end } = block
  if (end?.kind === 'jump') end.target = to
  else if (end?.kind === 'branch') {
    if (end.taken === from) end.taken = to
    if (end.otherwise === from) end.otherwise = to
  } else if (end?.kind === 'switch') end.targets = end.targets.map((t) => (t === from ? to : t))
}

export function newNode(
  f: Func,
  kind: NodeKind,
  type: WasmType | undefined,
  args: Node[],
  block: Block,
): Node {
  return new Node(f.nodeCount++, kind, type, args, block)
}

export function newBlock(f: Func): Block {
  return new Block(f.blockCount++)
}

/** Has a node an effect, so that it stays even when nobody uses its value? */
export function hasEffect(node: Node): boolean {
  if (node.kind === 'binary') return /^(div|rem)/.test(node.op ?? '') // traps
  return node.kind === 'store' || node.kind === 'call' || node.kind === 'trap-check'
}

/** The opposite condition. */
export const INVERSE: Readonly<Record<Condition, Condition>> = {
  eq: 'ne',
  ne: 'eq',
  lt_s: 'ge_s',
  ge_s: 'lt_s',
  lt_u: 'ge_u',
  ge_u: 'lt_u',
  gt_s: 'le_s',
  le_s: 'gt_s',
  gt_u: 'le_u',
  le_u: 'gt_u',
}

/** The condition with its operands exchanged. */
export const SWAPPED: Readonly<Record<Condition, Condition>> = {
  eq: 'eq',
  ne: 'ne',
  lt_s: 'gt_s',
  gt_s: 'lt_s',
  lt_u: 'gt_u',
  gt_u: 'lt_u',
  le_s: 'ge_s',
  ge_s: 'le_s',
  le_u: 'ge_u',
  ge_u: 'le_u',
}
