/**
 * Which registers hold what may still be needed, for the collector: what lies above is kept alive by nobody. Runs over
 * the finished code of a function.
 */

import { OP, OPCODES } from '../isa/opcodes.ts'
import type { CodeBuffer } from './code-buffer.ts'
import type { ProtoLocal } from './proto.ts'

/** The instruction takes an open list of values, or arguments that the frame doesn't hold: everything is needed. */
export const ALL_LIVE = 255

/** What an instruction does to registers: sets of them as bits. */
interface Effect {
  readonly reads: bigint
  readonly writes: bigint
}

/**
 * Per word, the number of registers that are in use when its instruction is about to be executed: up to the last one that
 * is read before it is written, or belongs to a variable in scope. ALL_LIVE: unknown.
 */
export function liveRegisters(code: CodeBuffer, variables: readonly ProtoLocal[]): Uint8Array {
  const live = scopesOf(code, variables)
  const effects = new Map<number, Effect>()
  for (let at = 0; at < code.here; at = code.after(at)) effects.set(at, effect(code, at))
  const backwards = [...effects].reverse()
  const loops = backwards.some(([at]) => jumps(code, at) && code.target(at) <= at)
  for (let changed = true; changed; ) {
    changed = false
    for (const [at, { reads, writes }] of backwards) {
      const before = live[at]! | (liveAfter(code, at, live) & ~writes) | reads
      if (before === live[at]) continue
      live[at] = before
      changed = loops
    }
  }
  return Uint8Array.from(code.low, (_, at) =>
    takesOpenList(code, at) ? ALL_LIVE : Math.max(countOf(live[at]!), scratch(code, at)),
  )
}

/** Up to the last register of a set. */
function countOf(set: bigint): number {
  return set === 0n ? 0 : set.toString(2).length
}

function bit(register: number): bigint {
  return 1n << BigInt(register)
}

/** `count` registers from `first` on. */
function range(first: number, count: number): bigint {
  return count > 0 ? ((1n << BigInt(count)) - 1n) << BigInt(first) : 0n
}

/** Every register from `first` on: an open list ends where a value that is not in the code says. */
function from(first: number): bigint {
  return range(first, 256 - first)
}

/** Per word, the registers of the variables that are in scope there. */
function scopesOf(code: CodeBuffer, variables: readonly ProtoLocal[]): bigint[] {
  const scopes = new Array<bigint>(code.here + 1).fill(0n)
  for (const { register, start, end } of variables) {
    const own = bit(register)
    for (let at = start; at < end; at++) scopes[at]! |= own
  }
  return scopes
}

function jumps(code: CodeBuffer, at: number): boolean {
  return OPCODES[code.low[at]! & 0xff]!.d === 'jump'
}

/** What is in use behind an instruction, wherever it may go. */
function liveAfter(code: CodeBuffer, at: number, live: readonly bigint[]): bigint {
  const low = code.low[at]!
  const op = low & 0xff
  const next = ENDS.has(op) ? 0n : live[code.after(at)]!
  if (!jumps(code, at)) return next
  const target = live[code.target(at)]!
  // these write R[A] only where they jump
  return next | (op === OP.JTSET || op === OP.JFSET ? target & ~bit((low >>> 8) & 0xff) : target)
}

/** Instructions after which the next one isn't executed. */
const ENDS: ReadonlySet<number | undefined> = new Set([
  OP.JMP,
  OP.TFORPREP,
  OP.RETURN,
  OP.RETURN0,
  OP.RETURN1,
  OP.TAILCALL,
])

function takesOpenList(code: CodeBuffer, at: number): boolean {
  const low = code.low[at]!
  const b = (low >>> 16) & 0xff
  switch (low & 0xff) {
    case OP.CALL:
    case OP.TAILCALL:
    case OP.RETURN:
      return b === 0
    case OP.SETLIST:
      return b === 255
    default:
      return (low & 0xff) === OP.VARARGPREP
  }
}

/** The end of the registers in which an instruction keeps something of its own while it waits for a call. */
function scratch(code: CodeBuffer, at: number): number {
  const low = code.low[at]!
  const a = (low >>> 8) & 0xff
  switch (low & 0xff) {
    case OP.CALL:
    case OP.TAILCALL:
      return a + 2 // the link
    case OP.TFORCALL:
      return a + 8
    default:
      return 0
  }
}

function effect(code: CodeBuffer, at: number): Effect {
  const low = code.low[at]!
  const a = (low >>> 8) & 0xff
  const b = (low >>> 16) & 0xff
  const c = (low >>> 24) & 0xff
  switch (low & 0xff) {
    case OP.LOADNIL:
      return { reads: 0n, writes: range(a, b + 1) }
    case OP.SELF:
      return { reads: bit(b), writes: range(a, 3) }
    case OP.JTSET:
    case OP.JFSET:
      return { reads: bit(b), writes: 0n }
    case OP.SETLIST:
      return { reads: b === 255 ? from(a) : range(a, b + 1), writes: 0n }
    case OP.CONCAT:
      return { reads: range(a, b), writes: range(a, b) }
    case OP.VARARG:
      return { reads: 0n, writes: c === 0 ? from(a) : range(a, c - 1) }
    case OP.CALL:
      return { reads: callReads(a, b), writes: from(a) }
    case OP.TAILCALL:
      return { reads: callReads(a, b), writes: 0n }
    case OP.RETURN:
      return { reads: b === 0 ? from(a) : range(a, b - 1), writes: 0n }
    case OP.FORPREP:
    case OP.FORLOOP:
      return { reads: range(a, 3), writes: bit(a + 3) }
    case OP.TFORPREP:
      return { reads: range(a, 4), writes: 0n }
    case OP.TFORCALL:
      return { reads: range(a, 3), writes: range(a + 4, Math.max(c, 4)) }
    case OP.TFORLOOP:
      return { reads: range(a, 5), writes: 0n }
    default:
      return plainEffect(low & 0xff, a, b, c)
  }
}

/** The function and its arguments, without the link between them. */
function callReads(a: number, b: number): bigint {
  return bit(a) | (b === 0 ? from(a + 2) : range(a + 2, b - 1))
}

/** Which fields name registers that an opcode reads, and whether A is written: what its meaning in the table says. */
const PLAIN = OPCODES.map(({ meaning }) => {
  const writes = meaning.startsWith('R[A] := ')
  const rest = writes ? meaning.slice('R[A]'.length) : meaning
  return { writes, a: rest.includes('R[A]'), b: rest.includes('R[B]'), c: rest.includes('R[C]') }
})

function plainEffect(op: number, a: number, b: number, c: number): Effect {
  const plain = PLAIN[op]!
  const reads = (plain.a ? bit(a) : 0n) | (plain.b ? bit(b) : 0n) | (plain.c ? bit(c) : 0n)
  return { reads, writes: plain.writes ? bit(a) : 0n }
}
