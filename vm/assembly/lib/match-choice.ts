// The matcher's choices: places to go back to when the rest of a pattern does not match. A stack of
// 12-byte entries in a raw block:
//
//     instruction (u32) · place in the subject (u32) · lowest place (u32)
//
// The matcher never allocates: without room it stops, and the library function calls growChoices.
import {
  G_LIMIT,
  G_MATCH_P,
  G_MATCH_SP,
  G_MATCH_STACK,
  G_MATCH_STACK_SIZE,
  G_MATCH_START,
} from '../../generated/layout'
import { copyBytes, free, tryRaw } from '../memory'
import {
  P_LAZY_BYTE,
  P_LAZY_SET,
  P_SEEK,
  PLAIN_SIZE,
  SET_SIZE,
  TEST_BYTE,
  TEST_SET,
  W_CODE,
} from './pattern-program'
import { inSet } from './pattern-set'

const ENTRY: i32 = 12
const FIRST_ENTRIES: i32 = 20
/** What `push…` gives instead of a place: the stack is full. */
export const FULL: usize = 1

/** Forgets all choices. */
export function clearChoices(): void {
  store<u32>(G_MATCH_SP, load<u32>(G_MATCH_STACK) + 8)
}

/** Keeps a choice and gives the place to go on at, or FULL with everything as it was. */
export function pushChoice(pc: usize, s: usize, lowest: usize, next: usize): usize {
  const sp: usize = load<u32>(G_MATCH_SP)
  if (sp >= usize(load<u32>(G_MATCH_STACK)) + usize(load<u32>(G_MATCH_STACK_SIZE))) {
    store<u32>(G_MATCH_P, u32(pc))
    return FULL
  }
  store<u32>(sp, u32(pc))
  store<u32>(sp, u32(s), 4)
  store<u32>(sp, u32(lowest), 8)
  store<u32>(G_MATCH_SP, u32(sp) + ENTRY)
  return next
}

/** Doubles the stack: 0 if there is no room for that, -1 if it is too large for this memory. */
export function growChoices(): i32 {
  const old: usize = load<u32>(G_MATCH_STACK)
  const used = load<i32>(G_MATCH_STACK_SIZE)
  const size = old ? 8 + (used - 8) * 2 : 8 + FIRST_ENTRIES * ENTRY
  if (size > load<i32>(G_LIMIT) >> 2) return -1
  const block = tryRaw(size)
  if (!block) return 0
  if (old) {
    copyBytes(block + 8, old + 8, used - 8)
    free(old)
  }
  store<u32>(G_MATCH_SP, u32(block) + (old ? used : 8))
  store<u32>(G_MATCH_STACK, u32(block))
  store<i32>(G_MATCH_STACK_SIZE, size)
  return 1
}

/** Frees the stack. */
export function dropChoices(): void {
  const block: usize = load<u32>(G_MATCH_STACK)
  if (block) free(block)
  store<u32>(G_MATCH_STACK, 0)
  store<u32>(G_MATCH_STACK_SIZE, 0)
}

/** Does the character at s pass the test of the instruction at pc? */
function passes(pc: usize, s: usize): bool {
  const test = load<u8>(pc) & 3
  if (test == TEST_SET) return inSet(pc + 8, load<u8>(s))
  return test != TEST_BYTE || load<u8>(s) == load<u8>(pc, 1)
}

/** Goes on from an instruction of whatever size, at s. */
function goOn(pc: usize, s: usize): usize {
  store<u32>(G_MATCH_P, u32(pc) + ((load<u8>(pc) & 3) == TEST_SET ? SET_SIZE : PLAIN_SIZE))
  return s
}

/** One character more for a shortest repetition; 0 if there is none. */
function extend(entry: usize, pc: usize, end: usize): usize {
  const s: usize = load<u32>(entry, 4)
  if (s >= end || !passes(pc, s)) {
    store<u32>(G_MATCH_SP, u32(entry))
    return 0
  }
  store<u32>(entry, u32(s) + 1, 4)
  return goOn(pc, s + 1)
}

/** One character less for a greedy one; 0 if that is too few. */
function giveBack(entry: usize, pc: usize): usize {
  const lowest: usize = load<u32>(entry, 8)
  let s = usize(load<u32>(entry, 4)) - 1
  if (load<u8>(pc, 3)) {
    const following = load<u8>(pc, 1)
    while (s >= lowest && load<u8>(s) != following) s--
  }
  if (s > lowest) store<u32>(entry, u32(s), 4)
  else store<u32>(G_MATCH_SP, u32(entry))
  return s >= lowest ? goOn(pc, s) : 0
}

/**
 * Where to go on after a failure: the instruction in G_MATCH_P, the place as the result. Without a choice
 * left, that is the pattern's beginning one place further; 0 beyond the end.
 */
export function backtrack(end: usize): usize {
  while (true) {
    const sp: usize = load<u32>(G_MATCH_SP)
    if (sp == usize(load<u32>(G_MATCH_STACK)) + 8) break
    const entry = sp - ENTRY
    const pc: usize = load<u32>(entry)
    const op: i32 = load<u8>(pc)
    if (op == P_SEEK) {
      store<u32>(G_MATCH_SP, u32(entry))
      store<u32>(G_MATCH_P, u32(pc))
      return load<u32>(entry, 4)
    }
    const s = op >= P_LAZY_BYTE && op <= P_LAZY_SET ? extend(entry, pc, end) : giveBack(entry, pc)
    if (s) return s
  }
  store<u32>(G_MATCH_P, load<u32>(W_CODE))
  const start: usize = usize(load<u32>(G_MATCH_START)) + 1
  return start <= end ? start : 0
}
