// The log of a state that has a control block (CONTROL and LOG in src/isa/layout.ts): a ring of records, of which
// the newest overwrite the oldest. Writers hold the state's lock. Readers don't: the tail moves on before anything
// is overwritten, and the head once a record is complete.
import {
  CONTROL_LOG,
  CONTROL_LOG_COUNT,
  CONTROL_LOG_DROPPED,
  CONTROL_LOG_HEAD,
  CONTROL_LOG_RECENT,
  CONTROL_LOG_TAIL,
  CONTROL_TIME,
  LOG_BYTES,
  LOG_HASH,
  LOG_KIND,
  LOG_LENGTH,
  LOG_LONGEST,
  LOG_NUMBER,
  LOG_RECENT,
  LOG_TEXT,
  LOG_TIME,
  LOG_TIMES,
  LOGKIND_ERROR,
  LOGKIND_FILLER,
  LOGKIND_OUTPUT,
  MEM_CONTROL,
} from '../generated/layout'
import { copyBytes } from './memory'
import { hashBytes, sameBytes } from './string'

/** Address of the record at a position. */
function recordAt(control: usize, position: i64): usize {
  return control + CONTROL_LOG + (usize(position) & (LOG_BYTES - 1))
}

/** Bytes from a position to the end of the ring. */
function restAt(position: i64): i32 {
  return LOG_BYTES - (i32(position) & (LOG_BYTES - 1))
}

function sizeFor(length: i32): i32 {
  return LOG_TEXT + ((length + 7) & ~7)
}

/** Forgets the oldest records until `end` is no more than a ring ahead of the rest. */
function dropUntil(control: usize, end: i64): void {
  let tail = load<i64>(control, CONTROL_LOG_TAIL)
  while (tail + LOG_BYTES < end) {
    const rest = restAt(tail)
    const record = recordAt(control, tail)
    if (rest < LOG_TEXT || load<i32>(record, LOG_KIND) == LOGKIND_FILLER) {
      tail += i64(rest)
      continue
    }
    tail += i64(sizeFor(load<i32>(record, LOG_LENGTH)))
    store<i64>(control, load<i64>(control, CONTROL_LOG_DROPPED) + 1, CONTROL_LOG_DROPPED)
  }
  store<i64>(control, tail, CONTROL_LOG_TAIL)
}

/** Position of a new record of `size` bytes, which fits before the ring's end. */
function makeSpace(control: usize, size: i32): i64 {
  const head = load<i64>(control, CONTROL_LOG_HEAD)
  const rest = restAt(head)
  if (rest >= size) {
    dropUntil(control, head + i64(size))
    return head
  }
  const start = head + i64(rest)
  dropUntil(control, start + i64(size))
  if (rest >= LOG_TEXT) store<i32>(recordAt(control, head), LOGKIND_FILLER, LOG_KIND)
  return start
}

/** What is kept of a text's first part. */
function firstPart(length: i32): i32 {
  return length < LOG_LONGEST ? length : LOG_LONGEST
}

/** What is kept of its second part, which follows in a line of its own. */
function secondPart(first: i32, length: i32): i32 {
  const room = LOG_LONGEST - first - 1
  return length < room ? length : room > 0 ? room : 0
}

/** Appends a record with a text in two parts, between which a line ends; the second may be empty. */
function append(kind: i32, a: usize, first: i32, b: usize, second: i32): i64 {
  const control: usize = load<u32>(MEM_CONTROL)
  const length = second > 0 ? first + 1 + second : first
  const size = sizeFor(length)
  const position = makeSpace(control, size)
  const record = recordAt(control, position)
  store<i32>(record, length, LOG_LENGTH)
  store<i32>(record, kind, LOG_KIND)
  store<i64>(record, load<i64>(control, CONTROL_TIME), LOG_TIME)
  const number = load<i64>(control, CONTROL_LOG_COUNT)
  store<i64>(record, number, LOG_NUMBER)
  store<i32>(record, 1, LOG_TIMES)
  copyBytes(record + LOG_TEXT, a, first)
  if (second > 0) {
    store<u8>(record + LOG_TEXT + usize(first), 10)
    copyBytes(record + LOG_TEXT + usize(first) + 1, b, second)
  }
  store<i64>(control, number + 1, CONTROL_LOG_COUNT)
  store<i64>(control, position + i64(size), CONTROL_LOG_HEAD)
  return position
}

/** Appends what a script has printed. */
export function logOutput(at: usize, length: i32): void {
  append(LOGKIND_OUTPUT, at, firstPart(length), 0, 0)
}

/** Is the record an error with these texts? */
function isError(record: usize, a: usize, aLength: i32, b: usize, bLength: i32): bool {
  const text = record + LOG_TEXT
  return (
    load<i32>(record, LOG_LENGTH) == aLength + (bLength > 0 ? 1 + bLength : 0) &&
    sameBytes(text, a, aLength) &&
    sameBytes(text + usize(aLength) + 1, b, bLength)
  )
}

/** Appends an error and its traceback, or counts it at the record that says the same. */
export function logError(a: usize, aFull: i32, b: usize, bFull: i32): void {
  const aLength = firstPart(aFull)
  const bLength = secondPart(aLength, bFull)
  const control: usize = load<u32>(MEM_CONTROL)
  const hash = hashBytes(a, aLength) ^ (hashBytes(b, bLength) << 1)
  let entry = control + CONTROL_LOG_RECENT // the oldest one
  let at = entry
  for (let i: i32 = 0; i < LOG_RECENT; i++) {
    const known = load<i64>(at)
    if (load<i32>(at, 8) == hash && known > load<i64>(control, CONTROL_LOG_TAIL)) {
      const record = recordAt(control, known - 1)
      if (isError(record, a, aLength, b, bLength)) {
        store<i32>(record, load<i32>(record, LOG_TIMES) + 1, LOG_TIMES)
        store<i64>(record, load<i64>(control, CONTROL_TIME), LOG_TIME)
        return
      }
    }
    if (known < load<i64>(entry)) entry = at
    at += 16
  }
  const position = append(LOGKIND_ERROR, a, aLength, b, bLength)
  store<i32>(recordAt(control, position), hash, LOG_HASH)
  store<i64>(entry, position + 1)
  store<i32>(entry, hash, 8)
}
