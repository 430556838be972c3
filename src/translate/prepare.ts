/**
 * Seventh pass: makes explicit what eBPF needs beside WebAssembly's operands. Constant addresses become
 * offsets from the arena's address 0; comparisons that could tell the verifier a value, and 64-bit values that
 * would carry a known range into a loop, are mixed with an opaque zero; loops look whether a callee has trapped.
 */

import { chooseScalars } from './choose-scalars.ts'
import { fuseConditions } from './fuse-conditions.ts'
import { type Block, type Func, type Node, newNode } from './ir.ts'
import { Liveness } from './liveness.ts'
import { replaceValues } from './simplify.ts'

/** Largest offset of an access: the arena's guards are that wide. */
export const MOST_OFFSET = 32767

export interface Memory {
  /** Address of 8 bytes that are zero, of which the verifier doesn't know it. */
  readonly zero: number
  /** Address of the 32-bit word that is set when a program traps. */
  readonly trap: number
  /** Where values lie for which there is no register. */
  readonly frames: { readonly address: number; readonly bytes: number }
}

/** The function's nodes for the arena's address 0 and the opaque zero, made when they are first asked for. */
class Anchors {
  readonly #f: Func
  #base: Node | undefined
  #zero: Node | undefined

  constructor(f: Func) {
    this.#f = f
  }

  get base(): Node {
    this.#base ??= newNode(this.#f, 'base', 'i32', [], this.#f.entry)
    return this.#base
  }

  get zero(): Node {
    this.#zero ??= newNode(this.#f, 'zero', 'i64', [this.base], this.#f.entry)
    return this.#zero
  }

  /** Puts what was asked for at the function's beginning. */
  place(): void {
    this.#f.entry.nodes.unshift(...[this.#base, this.#zero].filter((node) => node !== undefined))
  }
}

/** Accesses through constant addresses, and addresses with a constant part. */
function addressMemory(f: Func, anchors: Anchors): void {
  for (const block of f.blocks)
    for (const node of block.nodes) {
      if (node.kind !== 'load' && node.kind !== 'store') continue
      const address = node.args[0] as Node
      if (address.kind !== 'const') continue
      const at = BigInt.asUintN(32, address.value) + BigInt(node.offset)
      if (at > MOST_OFFSET) continue
      node.offset = Number(at)
      node.args[0] = anchors.base
    }
}

/**
 * 64-bit values of which the verifier knows no range, by assuming it of all phis first. Those in `laundered`
 * count as unknown.
 */
function opaqueValues(f: Func): Set<Node> {
  const opaque = new Set<Node>()
  for (const block of f.blocks) for (const phi of block.phis) if (phi.type === 'i64') opaque.add(phi)
  const isOpaque = (node: Node): boolean => {
    if (node.kind === 'param' || node.kind === 'call' || node.kind === 'launder') return true
    if (node.kind === 'load') return node.bytes === 8
    if (node.kind === 'phi') return node.args.every((arg) => opaque.has(arg))
    if (node.kind === 'binary' && (node.op === 'add' || node.op === 'sub' || node.op === 'xor'))
      return node.args.some((arg) => opaque.has(arg))
    return false
  }
  for (const block of f.blocks)
    for (const node of block.nodes) if (node.type === 'i64' && isOpaque(node)) opaque.add(node)
  for (let changed = true; changed; ) {
    changed = false
    for (const block of f.blocks)
      for (const node of [...block.phis, ...block.nodes]) {
        if (node.type !== 'i64' || opaque.has(node) === isOpaque(node)) continue
        if (node.kind === 'phi' || opaque.has(node)) opaque.delete(node)
        else opaque.add(node)
        changed = true
      }
  }
  return opaque
}

/**
 * Values with a range that enter a loop, or that depend on the way to where ways meet: mixed with the opaque zero
 * where they are made.
 */
function launderLoops(f: Func, anchors: Anchors): void {
  const opaque = opaqueValues(f)
  const live = new Liveness(f)
  const wanted = new Set<Node>()
  for (const block of f.blocks)
    for (const node of block.isHeader ? [...live.liveIn(block), ...block.phis] : block.phis)
      if (node.type === 'i64' && !opaque.has(node)) wanted.add(node)
  if (wanted.size === 0) return
  const replacement = new Map<Node, Node>()
  for (const block of f.blocks) {
    const after = (node: Node): Node[] => {
      if (!wanted.has(node)) return []
      const laundered = newNode(f, 'launder', 'i64', [node, anchors.zero], block)
      laundered.position = node.position
      replacement.set(node, laundered)
      return [laundered]
    }
    block.nodes = [...block.phis.flatMap(after), ...block.nodes.flatMap((node) => [node, ...after(node)])]
  }
  replaceValues(f, replacement)
  for (const [node, laundered] of replacement) laundered.args[0] = node
}

/** Comparisons of 64-bit values use the opaque zero unless one side is unknown to the verifier anyway. */
function hideComparisons(f: Func, anchors: Anchors): void {
  const opaque = opaqueValues(f)
  for (const block of f.blocks)
    for (const node of block.nodes) {
      const [a, b] = node.args as [Node, Node]
      if (node.kind !== 'compare' || a.type !== 'i64') continue
      if (b.kind === 'const' || !(opaque.has(a) || opaque.has(b))) node.args[2] = anchors.zero
    }
}

/** Blocks of the loop that begins at `header`. */
export function loopOf(header: Block): Set<Block> {
  const loop = new Set([header])
  const work = header.preds.filter((pred) => pred.order >= header.order)
  for (let block = work.pop(); block; block = work.pop()) {
    if (loop.has(block)) continue
    loop.add(block)
    work.push(...block.preds)
  }
  return loop
}

/** A loop that calls leaves when a callee has trapped: its results mean nothing. */
function checkTraps(f: Func, anchors: Anchors): void {
  for (const header of f.blocks) {
    if (!header.isHeader) continue
    const calls = [...loopOf(header)].some(({ nodes }) => nodes.some(({ kind }) => kind === 'call'))
    if (calls) header.nodes.unshift(newNode(f, 'trap-check', undefined, [anchors.base], header))
  }
}

export function prepare(f: Func): void {
  const anchors = new Anchors(f)
  addressMemory(f, anchors)
  launderLoops(f, anchors)
  hideComparisons(f, anchors)
  checkTraps(f, anchors)
  anchors.place()
  fuseConditions(f)
  chooseScalars(f)
}
