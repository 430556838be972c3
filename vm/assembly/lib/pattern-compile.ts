// Pattern text to program (pattern-program.ts), in the buffer. A malformed pattern compiles up to the
// fault, and there to an instruction that raises: the reference finds faults when it comes to them.
import {
  G_BUFFER_LENGTH,
  LIMIT_CAPTURES,
  MSG_PATTERN_BALANCE,
  MSG_PATTERN_BRACKET,
  MSG_PATTERN_CAPTURE,
  MSG_PATTERN_CAPTURES,
  MSG_PATTERN_END,
  MSG_PATTERN_FRONTIER,
  MSG_PATTERN_INDEX,
} from '../../generated/layout'
import { bufferBytes, bufferLength, reserveBuffer } from '../buffer'
import {
  P_ANCHOR,
  P_ANY,
  P_BACK,
  P_BALANCE,
  P_BYTE,
  P_CLOSE,
  P_END,
  P_ERROR,
  P_FRONTIER,
  P_GREEDY_BYTE,
  P_HERE,
  P_LAZY_BYTE,
  P_MATCH,
  P_OPEN,
  P_SET,
  P_START,
  P_TEXT,
  P_TRY_BYTE,
  PLAIN_SIZE,
  SET_BYTES,
  VARIANT_ANCHORED,
  W_CAPTURES,
  W_LAST,
  W_NEXT,
} from './pattern-program'
import { addByte, addClass, addRange, clearSet, invertSet, isClass } from './pattern-set'

const PERCENT: i32 = 37
const OPEN: i32 = 40
const CLOSE: i32 = 41
const STAR: i32 = 42
const PLUS: i32 = 43
const MINUS: i32 = 45
const DOT: i32 = 46
const QUESTION: i32 = 63
const DOLLAR: i32 = 36
const BRACKET: i32 = 91
const BRACKET_END: i32 = 93
const CARET: i32 = 94
/** Room for the longest item: a set, and a text that begins or grows. */
const ITEM: i32 = 64

/** Appends an instruction; its address until the buffer grows. */
function emit(op: i32, a: i32, b: i32, d: i32): usize {
  const at = load<i32>(G_BUFFER_LENGTH)
  const pc = bufferBytes() + usize(at)
  store<i32>(pc, op | (a << 8) | (b << 16))
  store<i32>(pc, d, 4)
  store<i32>(G_BUFFER_LENGTH, at + PLAIN_SIZE)
  store<i32>(W_LAST, at)
  return pc
}

/** A malformed pattern: the program ends here. */
function emitError(message: i32, number: i32): bool {
  emit(P_ERROR, number, 0, message)
  return false
}

/** One literal byte: joins those before it to a text. */
function emitLiteral(c: i32): void {
  const pc = bufferBytes() + usize(load<i32>(W_LAST))
  const op: i32 = load<u8>(pc)
  if (op != P_BYTE && op != P_TEXT) {
    emit(P_BYTE, c, 0, 0)
    return
  }
  if (op == P_BYTE) {
    store<u8>(pc, u8(P_TEXT))
    store<i32>(pc, 1, 4)
    store<i64>(pc, i64(load<u8>(pc, 1)), 8)
    store<i32>(G_BUFFER_LENGTH, bufferLength() + 8)
  }
  const n = load<i32>(pc, 4)
  if ((n & 7) == 0) {
    store<i64>(pc + usize(n), 0, 8)
    store<i32>(G_BUFFER_LENGTH, bufferLength() + 8)
  }
  store<u8>(pc + usize(n), u8(c), 8)
  store<i32>(pc, n + 1, 4)
}

/** The instructions of a whole pattern. False: no room. The first instruction is filled in by pattern-plan. */
export function compilePattern(text: usize, length: i32, variant: i32): bool {
  const end = text + usize(length)
  let at = text
  if (!reserveBuffer(ITEM)) return false
  const anchored = variant == VARIANT_ANCHORED && length > 0 && load<u8>(text) == CARET
  if (anchored) at++
  emit(anchored ? P_ANCHOR : P_START, 0, 0, 0)
  store<u32>(W_NEXT, u32(at))
  store<i32>(W_CAPTURES, 0)
  let open: i32 = 0 // bit n: capture n is open
  let going = true
  while (going && usize(load<u32>(W_NEXT)) < end) {
    if (!reserveBuffer(ITEM)) return false
    const c: i32 = load<u8>(load<u32>(W_NEXT))
    if (c == OPEN) {
      if (openCapture(end)) open |= 1 << (load<i32>(W_CAPTURES) - 1)
      going = load<u8>(bufferBytes() + usize(load<i32>(W_LAST))) != P_ERROR
    } else if (c == CLOSE) {
      const number = 31 - clz(open)
      going = closeCapture(number)
      if (going) open ^= 1 << number
    } else going = compileItem(end, open)
  }
  if (!reserveBuffer(ITEM)) return false
  emit(P_MATCH, 0, 0, 0)
  return true
}

/** ( or (): is a capture open now? */
function openCapture(end: usize): bool {
  const at: usize = load<u32>(W_NEXT)
  const number = load<i32>(W_CAPTURES)
  if (number >= LIMIT_CAPTURES) return emitError(MSG_PATTERN_CAPTURES, 0)
  store<i32>(W_CAPTURES, number + 1)
  const here = at + 1 < end && load<u8>(at, 1) == CLOSE
  emit(here ? P_HERE : P_OPEN, number, 0, 0)
  store<u32>(W_NEXT, u32(at) + (here ? 2 : 1))
  return !here
}

function closeCapture(number: i32): bool {
  if (number < 0) return emitError(MSG_PATTERN_CAPTURE, 0)
  emit(P_CLOSE, number, 0, 0)
  store<u32>(W_NEXT, load<u32>(W_NEXT) + 1)
  return true
}

/** Anything but a capture. False: malformed. */
function compileItem(end: usize, open: i32): bool {
  const at: usize = load<u32>(W_NEXT)
  const c: i32 = load<u8>(at)
  if (c == DOLLAR && at + 1 == end) {
    emit(P_END, 0, 0, 0)
    store<u32>(W_NEXT, u32(end))
    return true
  }
  if (c == PERCENT && at + 1 < end) {
    const next: i32 = load<u8>(at, 1)
    if (next == 98) return compileBalance(at + 2, end)
    if (next == 102) return compileFrontier(at + 2, end)
    if (u32(next - 48) < 10) return compileBack(at + 2, next - 49, open)
  }
  return compileSingle(at, end)
}

/** %bxy */
function compileBalance(at: usize, end: usize): bool {
  if (at + 1 >= end) return emitError(MSG_PATTERN_BALANCE, 0)
  emit(P_BALANCE, load<u8>(at), load<u8>(at, 1), 0)
  store<u32>(W_NEXT, u32(at) + 2)
  return true
}

/** %f[set] */
function compileFrontier(at: usize, end: usize): bool {
  if (at >= end || load<u8>(at) != BRACKET) return emitError(MSG_PATTERN_FRONTIER, 0)
  const close = bracketEnd(at, end)
  if (!close) return emitError(MSG_PATTERN_BRACKET, 0)
  fillSet(emitSet(P_FRONTIER, 0), at, close)
  store<u32>(W_NEXT, u32(close) + 1)
  return true
}

/** %1: what a closed capture has matched. */
function compileBack(at: usize, number: i32, open: i32): bool {
  const known = number >= 0 && number < load<i32>(W_CAPTURES) && (open & (1 << number)) == 0
  if (!known) return emitError(MSG_PATTERN_INDEX, number + 1)
  emit(P_BACK, number, 0, 0)
  store<u32>(W_NEXT, u32(at))
  return true
}

/** Appends an instruction with an empty set; the set's address. */
function emitSet(op: i32, least: i32): usize {
  const set = emit(op, 0, least, 0) + PLAIN_SIZE
  store<i32>(G_BUFFER_LENGTH, bufferLength() + SET_BYTES)
  clearSet(set)
  return set
}

/** The ] that ends a set which begins at `at`; 0 if there is none. */
function bracketEnd(at: usize, end: usize): usize {
  let p = at + 1
  if (p < end && load<u8>(p) == CARET) p++
  do {
    if (p >= end) return 0
    if (load<u8>(p++) == PERCENT && p < end) p++
  } while (p >= end || load<u8>(p) != BRACKET_END)
  return p
}

/** Fills a set from the text between its brackets. */
function fillSet(set: usize, at: usize, close: usize): void {
  let p = at + 1
  const inverted = load<u8>(p) == CARET
  if (inverted) p++
  while (p < close) {
    const c: i32 = load<u8>(p)
    if (c == PERCENT) {
      p++
      if (isClass(load<u8>(p))) addClass(set, load<u8>(p))
      else addByte(set, load<u8>(p))
    } else if (p + 2 < close && load<u8>(p, 1) == MINUS) {
      p += 2
      addRange(set, c, load<u8>(p))
    } else addByte(set, c)
    p++
  }
  if (inverted) invertSet(set)
}

/** Where the single-character item at `at` ends; 0: it is malformed, and the error is emitted. */
function singleEnd(at: usize, end: usize): usize {
  const c: i32 = load<u8>(at)
  if (c == PERCENT) {
    if (at + 1 < end) return at + 2
    emitError(MSG_PATTERN_END, 0)
    return 0
  }
  if (c != BRACKET) return at + 1
  const close = bracketEnd(at, end)
  if (close) return close + 1
  emitError(MSG_PATTERN_BRACKET, 0)
  return 0
}

/** A single-character item and its suffix. */
function compileSingle(at: usize, end: usize): bool {
  const stop = singleEnd(at, end)
  if (!stop) return false
  const suffix: i32 = stop < end ? load<u8>(stop) : 0
  let op: i32 = P_BYTE
  if (suffix == STAR || suffix == PLUS) op = P_GREEDY_BYTE
  else if (suffix == MINUS) op = P_LAZY_BYTE
  else if (suffix == QUESTION) op = P_TRY_BYTE
  emitSingle(op, at, stop, suffix == PLUS ? 1 : 0)
  store<u32>(W_NEXT, u32(stop) + (op == P_BYTE ? 0 : 1))
  return true
}

/** The instruction for one of a group of three, `op` being its first: byte, any, set. */
function emitSingle(op: i32, at: usize, stop: usize, least: i32): void {
  const c: i32 = load<u8>(at)
  const quoted: i32 = c == PERCENT ? i32(load<u8>(at, 1)) : c
  if (c == DOT) emit(op + P_ANY - P_BYTE, 0, least, 0)
  else if (c == BRACKET) fillSet(emitSet(op + P_SET - P_BYTE, least), at, stop - 1)
  else if (c == PERCENT && isClass(quoted)) addClass(emitSet(op + P_SET - P_BYTE, least), quoted)
  else if (op == P_BYTE) emitLiteral(quoted)
  else emit(op, quoted, least, 0)
}
