// The matcher: runs a pattern's program over a subject, in one loop without recursion. It never
// allocates or raises: when it needs more room, or the fuel is spent, or the pattern turns out to be
// malformed, it leaves its registers in G_MATCH_* and says so; called again, it goes on.
import {
  G_BUDGET,
  G_FUEL,
  G_MATCH_P,
  G_MATCH_S,
  G_MATCH_SRC,
  G_MATCH_SRC_END,
  G_MATCH_START,
  MEM_CAPTURES,
} from '../../generated/layout'
import { backtrack, FULL, pushChoice } from './match-choice'
import { equalBytes, findByte, findPair } from './match-scan'
import {
  CAPTURE_OPEN,
  CAPTURE_POSITION,
  P_ANCHOR,
  P_ANY,
  P_BACK,
  P_BALANCE,
  P_BYTE,
  P_CLOSE,
  P_END,
  P_ERROR,
  P_FRONTIER,
  P_GREEDY_ANY,
  P_GREEDY_BYTE,
  P_GREEDY_SET,
  P_HERE,
  P_LAZY_ANY,
  P_LAZY_BYTE,
  P_LAZY_SET,
  P_MATCH,
  P_OPEN,
  P_OPTION_ANY,
  P_OPTION_BYTE,
  P_OPTION_SET,
  P_SCAN_BYTE,
  P_SCAN_PAIR,
  P_SCAN_SET,
  P_SEEK,
  P_SET,
  P_STAR_ANY,
  P_STAR_BYTE,
  P_STAR_SET,
  P_START,
  P_TEXT,
  P_TEXT_AT,
  P_TRY_ANY,
  P_TRY_BYTE,
  P_TRY_SET,
  W_FIRST,
} from './pattern-program'
import { inSet } from './pattern-set'

/** Results of `runMatch` besides 0 (no match) and 1. */
export const OUT_OF_FUEL: i32 = -1
export const NEEDS_ROOM: i32 = -2
export const MALFORMED: i32 = -3

/** Most fuel that one run takes at a time. */
const MOST_FUEL: i64 = 0x40000000
const LEAST_FUEL: i64 = 64

function captureSlot(number: i32): usize {
  return usize(MEM_CAPTURES) + (usize(number) << 3)
}

/** Ends a run: keeps its registers, gives back the fuel that is left. */
function leave(pc: usize, s: usize, fuel: i32, result: i32): i32 {
  store<u32>(G_MATCH_P, u32(pc))
  store<u32>(G_MATCH_S, u32(s))
  store<i64>(G_FUEL, load<i64>(G_FUEL) + i64(fuel))
  return result
}

/** Fuel for a run, taken out of the slice's; if need be from the next slice, so that every run gets somewhere. */
function takeFuel(): i32 {
  const left = load<i64>(G_FUEL)
  let fuel = left < MOST_FUEL ? left : MOST_FUEL
  if (fuel < LEAST_FUEL && load<i64>(G_BUDGET) > 0) fuel = LEAST_FUEL
  store<i64>(G_FUEL, left - fuel)
  return i32(fuel)
}

function spanSet(set: usize, s: usize, end: usize): usize {
  while (s < end && inSet(set, load<u8>(s))) s++
  return s
}

function spanByte(byte: i32, s: usize, end: usize): usize {
  while (s < end && load<u8>(s) == byte) s++
  return s
}

/** A greedy repetition has reached t: is that enough? 0 if not. */
function atLeast(pc: usize, s: usize, t: usize): usize {
  return t - s >= usize(load<u8>(pc, 2)) ? t : 0
}

/** The same for one that may have to give characters back. */
function greedy(pc: usize, s: usize, t: usize): usize {
  const lowest = s + usize(load<u8>(pc, 2))
  if (t < lowest) return 0
  return t > lowest ? pushChoice(pc, t, lowest, t) : t
}

/** An optional character that may have to be given back. */
function attempt(pc: usize, s: usize, passes: bool): usize {
  return passes ? pushChoice(pc, s + 1, s, s + 1) : s
}

/** %bxy */
function balance(pc: usize, s: usize, end: usize): usize {
  const open: i32 = load<u8>(pc, 1)
  const close: i32 = load<u8>(pc, 2)
  if (s >= end || load<u8>(s) != open) return 0
  let depth: i32 = 1
  while (++s < end) {
    const c: i32 = load<u8>(s)
    if (c == close) {
      if (--depth == 0) return s + 1
    } else if (c == open) depth++
  }
  return 0
}

/** %f[set] */
function frontier(pc: usize, s: usize, end: usize): usize {
  const before: i32 = s == usize(load<u32>(G_MATCH_SRC)) ? 0 : load<u8>(s - 1)
  const here: i32 = s == end ? 0 : load<u8>(s)
  return !inSet(pc + 8, before) && inSet(pc + 8, here) ? s : 0
}

/** Bytes that a back reference stands for; -1 if it never matches. */
function backLength(pc: usize): i32 {
  return load<i32>(captureSlot(load<u8>(pc, 1)), 4)
}

/** Goes on from the registers in G_MATCH_*. */
export function runMatch(): i32 {
  const end: usize = load<u32>(G_MATCH_SRC_END)
  let pc: usize = load<u32>(G_MATCH_P)
  let s: usize = load<u32>(G_MATCH_S)
  let fuel = takeFuel()
  while (fuel > 0) {
    const before = s
    const at = pc
    switch (i32(load<u8>(pc))) {
      case P_MATCH:
        return leave(pc, s, fuel, 1)
      case P_END:
        pc += 8
        if (s != end) s = 0
        break
      case P_OPEN:
        store<u64>(captureSlot(load<u8>(pc, 1)), u64(s) | (u64(CAPTURE_OPEN) << 32))
        pc += 8
        break
      case P_CLOSE: {
        const slot = captureSlot(load<u8>(pc, 1))
        store<i32>(slot, i32(s) - load<i32>(slot), 4)
        pc += 8
        break
      }
      case P_HERE:
        store<u64>(captureSlot(load<u8>(pc, 1)), u64(s) | (u64(CAPTURE_POSITION) << 32))
        pc += 8
        break
      case P_BACK: {
        const n = backLength(pc)
        pc += 8
        fuel -= n >> 4
        if (n < 0 || i32(end - s) < n || equalBytes(load<u32>(captureSlot(load<u8>(at, 1))), s, n) < n) s = 0
        else s += usize(n)
        break
      }
      case P_BALANCE:
        pc += 8
        s = balance(at, s, end)
        if (!s) fuel -= i32(end - before) >> 4
        break
      case P_FRONTIER:
        pc += 40
        s = frontier(at, s, end)
        break
      case P_BYTE:
        pc += 8
        s = s < end && load<u8>(s) == load<u8>(at, 1) ? s + 1 : 0
        break
      case P_ANY:
        pc += 8
        s = s < end ? s + 1 : 0
        break
      case P_SET:
        pc += 40
        s = s < end && inSet(at + 8, load<u8>(s)) ? s + 1 : 0
        break
      case P_STAR_BYTE:
        pc += 8
        s = atLeast(at, s, spanByte(load<u8>(at, 1), s, end))
        break
      case P_STAR_ANY:
        pc += 8
        s = atLeast(at, s, end)
        break
      case P_STAR_SET:
        pc += 40
        s = atLeast(at, s, spanSet(at + 8, s, end))
        break
      case P_GREEDY_BYTE:
        pc += 8
        s = greedy(at, s, spanByte(load<u8>(at, 1), s, end))
        break
      case P_GREEDY_ANY:
        pc += 8
        s = greedy(at, s, end)
        break
      case P_GREEDY_SET:
        pc += 40
        s = greedy(at, s, spanSet(at + 8, s, end))
        break
      case P_LAZY_BYTE:
      case P_LAZY_ANY:
        pc += 8
        s = pushChoice(at, s, s, s)
        break
      case P_LAZY_SET:
        pc += 40
        s = pushChoice(at, s, s, s)
        break
      case P_OPTION_BYTE:
        pc += 8
        if (s < end && load<u8>(s) == load<u8>(at, 1)) s++
        break
      case P_OPTION_ANY:
        pc += 8
        if (s < end) s++
        break
      case P_OPTION_SET:
        pc += 40
        if (s < end && inSet(at + 8, load<u8>(s))) s++
        break
      case P_TRY_BYTE:
        pc += 8
        s = attempt(at, s, s < end && load<u8>(s) == load<u8>(at, 1))
        break
      case P_TRY_ANY:
        pc += 8
        s = attempt(at, s, s < end)
        break
      case P_TRY_SET:
        pc += 40
        s = attempt(at, s, s < end && inSet(at + 8, load<u8>(s)))
        break
      case P_START:
        store<u32>(G_MATCH_START, u32(s))
        pc += 8
        break
      case P_ANCHOR:
        if (s != usize(load<u32>(W_FIRST))) return leave(pc, s, fuel, 0)
        store<u32>(G_MATCH_START, u32(s))
        pc += 8
        break
      case P_SCAN_BYTE:
        s = findByte(s, end, load<u8>(pc, 1))
        if (!s) return leave(pc, s, fuel - (i32(end - before) >> 4), 0)
        store<u32>(G_MATCH_START, u32(s))
        pc += 8
        break
      case P_SCAN_PAIR:
        s = findPair(s, end, load<u8>(pc, 1), load<u8>(pc, 2))
        if (!s) return leave(pc, s, fuel - (i32(end - before) >> 4), 0)
        store<u32>(G_MATCH_START, u32(s))
        pc += 8
        break
      case P_SCAN_SET: {
        const set = pc + usize(load<i32>(pc, 4))
        while (s < end && !inSet(set, load<u8>(s))) s++
        if (s == end) return leave(pc, s, fuel - (i32(end - before) >> 4), 0)
        store<u32>(G_MATCH_START, u32(s))
        pc += 8
        break
      }
      case P_TEXT:
      case P_TEXT_AT: {
        const n = load<i32>(pc, 4)
        const text: usize = load<u8>(pc) == P_TEXT ? pc + 8 : load<u32>(pc, 8)
        pc += load<u8>(pc) == P_TEXT ? usize(8 + ((n + 7) & ~7)) : 16
        const equal = i32(end - s) < n ? 0 : equalBytes(text, s, n)
        fuel -= equal >> 4
        s = equal == n ? s + usize(n) : 0
        break
      }
      case P_SEEK:
        pc += 8
        s = findByte(s, end, load<u8>(at, 1))
        if (s) s = pushChoice(at, s + 1, s, s)
        else fuel -= i32(end - before) >> 4
        break
      case P_ERROR:
        return leave(pc, s, fuel, MALFORMED)
      default:
        unreachable()
    }
    if (s > FULL) {
      fuel -= 1 + (i32(s - before) >> 4)
      continue
    }
    if (s == FULL) return leave(at, before, fuel, NEEDS_ROOM)
    fuel -= 4
    s = backtrack(end)
    if (!s) return leave(pc, s, fuel, 0)
    pc = load<u32>(G_MATCH_P)
  }
  return leave(pc, s, fuel, OUT_OF_FUEL)
}
