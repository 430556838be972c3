/**
 * Which registers hold what may still be needed, for the collector: what lies above is kept alive by nobody. Runs over
 * the finished code of a function.
 */

import { OP, OPCODES } from '../isa/opcodes.ts'
import type { CodeBuffer } from './code-buffer.ts'
import type { ProtoLocal } from './proto.ts'
import { RegisterSet } from './register-set.ts'

/** The instruction takes an open list of values, or arguments that the frame doesn't hold: everything is needed. */
export const ALL_LIVE = 255

/**
 * Per word, the number of registers that are in use when its instruction is about to be executed: up to the last one that
 * is read before it is written, or belongs to a variable in scope. ALL_LIVE: unknown.
 *
 * One walk from the end is enough: jumps backwards go to the beginning of a statement, where only variables are in use.
 */
export function liveRegisters(code: CodeBuffer, variables: readonly ProtoLocal[]): Uint8Array {
  const live = new Uint8Array(code.here)
  const scopes = scopesOf(code, variables)
  const atTargets = new Map<number, RegisterSet>()
  for (const target of forwardTargets(code)) atTargets.set(target, NONE)
  const set = new RegisterSet()
  for (let at = code.here - 1; at >= 0; at--) {
    if (at > 0 && OPCODES[code.low[at - 1]! & 0xff]!.literal) {
      live[at] = scopes[at]! // a literal, whose number is that of no such instruction
      continue
    }
    const op = code.low[at]! & 0xff
    if (ENDS.has(op)) set.clear()
    if (OPCODES[op]!.d === 'jump') addTarget(code, at, set, scopes, atTargets)
    applyEffect(code, at, set)
    set.addRange(0, scopes[at]!)
    if (atTargets.has(at)) atTargets.set(at, set.copy())
    live[at] = takesOpenList(code, at) ? ALL_LIVE : Math.max(set.end, scratch(code, at))
  }
  return live
}

const NONE = new RegisterSet()

/** Adds what is in use where a jump goes. */
function addTarget(
  code: CodeBuffer,
  at: number,
  set: RegisterSet,
  scopes: Uint8Array,
  atTargets: ReadonlyMap<number, RegisterSet>,
): void {
  const low = code.low[at]!
  const a = (low >>> 8) & 0xff
  const target = code.target(at)
  // these write R[A] only where they jump
  const writes = (low & 0xff) === OP.JTSET || (low & 0xff) === OP.JFSET
  const keeps = writes && set.has(a)
  if (target > at) set.addAll(atTargets.get(target) ?? NONE)
  else set.addRange(0, scopes[target]!)
  if (writes && !keeps) set.delete(a)
}

/** Words that jumps go to from before them. */
function* forwardTargets(code: CodeBuffer): Iterable<number> {
  for (let at = 0; at < code.here; at = code.after(at)) {
    if (OPCODES[code.low[at]! & 0xff]!.d === 'jump' && code.target(at) > at) yield code.target(at)
  }
}

/** Per word, how many registers hold variables in scope there: variables lie at the bottom of the frame. */
function scopesOf(code: CodeBuffer, variables: readonly ProtoLocal[]): Uint8Array {
  const changes = new Int32Array(code.here + 1)
  for (const { start, end } of variables) {
    changes[start]!++
    changes[end]!--
  }
  const scopes = new Uint8Array(code.here + 1)
  let count = 0
  for (let at = 0; at <= code.here; at++) {
    count += changes[at]!
    scopes[at] = count
  }
  return scopes
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

/** From what is in use after an instruction to what is in use before it. */
function applyEffect(code: CodeBuffer, at: number, set: RegisterSet): void {
  const low = code.low[at]!
  const a = (low >>> 8) & 0xff
  const b = (low >>> 16) & 0xff
  const c = (low >>> 24) & 0xff
  switch (low & 0xff) {
    case OP.LOADNIL:
      set.deleteRange(a, a + b + 1)
      break
    case OP.SELF:
      set.deleteRange(a, a + 3)
      set.add(b)
      break
    case OP.JTSET:
    case OP.JFSET:
      set.add(b)
      break
    case OP.SETLIST:
      if (b === 255) set.addFrom(a)
      else set.addRange(a, a + b + 1)
      break
    case OP.CONCAT:
      set.addRange(a, a + b)
      break
    case OP.VARARG:
      if (c === 0) set.deleteFrom(a)
      else set.deleteRange(a, a + c - 1)
      break
    case OP.CALL:
      set.deleteFrom(a)
      addCall(set, a, b)
      break
    case OP.TAILCALL:
      addCall(set, a, b)
      break
    case OP.RETURN:
      if (b === 0) set.addFrom(a)
      else set.addRange(a, a + b - 1)
      break
    case OP.FORPREP:
    case OP.FORLOOP:
      set.delete(a + 3)
      set.addRange(a, a + 3)
      break
    case OP.TFORPREP:
      set.addRange(a, a + 4)
      break
    case OP.TFORCALL:
      set.deleteRange(a + 4, a + 4 + Math.max(c, 4))
      set.addRange(a, a + 3)
      break
    case OP.TFORLOOP:
      set.addRange(a, a + 5)
      break
    default:
      plainEffect(low & 0xff, a, b, c, set)
  }
}

/** The function and its arguments, without the link between them. */
function addCall(set: RegisterSet, a: number, b: number): void {
  set.add(a)
  if (b === 0) set.addFrom(a + 2)
  else set.addRange(a + 2, a + 2 + b - 1)
}

/** Which fields name registers that an opcode reads, and whether A is written: what its meaning in the table says. */
const PLAIN = OPCODES.map(({ meaning }) => {
  const writes = meaning.startsWith('R[A] := ')
  const rest = writes ? meaning.slice('R[A]'.length) : meaning
  return { writes, a: rest.includes('R[A]'), b: rest.includes('R[B]'), c: rest.includes('R[C]') }
})

function plainEffect(op: number, a: number, b: number, c: number, set: RegisterSet): void {
  const plain = PLAIN[op]!
  if (plain.writes) set.delete(a)
  if (plain.a) set.add(a)
  if (plain.b) set.add(b)
  if (plain.c) set.add(c)
}
