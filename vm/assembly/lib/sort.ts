// table.sort without a comparison function, for arrays of integers only or of strings only: quicksort with
// an explicit stack, and heapsort for ranges that quicksort divides badly, so that the work is n log n at
// the most and is paid for beforehand. All else is the quicksort in vm/lua/table.lua.

import { BUILTIN_TABLE_SORT } from '../../generated/builtins'
import { MEM_SCRATCH, MSG_FUNCTION_EXPECTED, T_MAX } from '../../generated/layout'
import { AGAIN, CONTROL, charge, isNone } from '../arguments'
import { callInstead, slowVersion } from '../frames'
import { raiseArgumentType } from '../raise'
import { compareStrings, lengthOf } from '../string'
import { arraySize, border, reordered } from '../table'
import { high, isFunctionTag, isStringTag, low, tagAt } from '../value'
import { checkTable, element, LENGTH, plainTable, READ, WRITE } from './table'

/** Ranges put off: first word, last word, divisions left; the shorter part goes first, so 32 are enough. */
const STACK: usize = MEM_SCRATCH
const ENTRY: usize = 12
/** Ranges up to this many bytes are sorted by insertion. */
const SMALL: usize = 12 << 3

/** Marker types: what `less` compares. */
type Integers = i64
type Strings = i32

function less<T>(a: i64, b: i64): bool {
  if (sizeof<T>() == 8) return a < b
  return compareStrings(low(a), low(b)) < 0
}

/** Sorts the words from `first` to `last`. */
function insertionSort<T>(first: usize, last: usize): void {
  for (let next = first + 8; next <= last; next += 8) {
    const v = load<i64>(next)
    let at = next
    while (at > first) {
      const before = load<i64>(at - 8)
      if (!less<T>(v, before)) break
      store<i64>(at, before)
      at -= 8
    }
    store<i64>(at, v)
  }
}

/** Puts the two words in order. */
function order<T>(a: usize, b: usize): void {
  const x = load<i64>(a)
  const y = load<i64>(b)
  if (!less<T>(y, x)) return
  store<i64>(a, y)
  store<i64>(b, x)
}

/** Divides a range by the median of three words; last word of the lower part. */
function divide<T>(first: usize, last: usize): usize {
  const middle = first + (((last - first) >> 4) << 3)
  order<T>(first, middle)
  order<T>(middle, last)
  order<T>(first, middle)
  const pivot = load<i64>(middle)
  let i = first
  let j = last
  do {
    do i += 8
    while (less<T>(load<i64>(i), pivot))
    do j -= 8
    while (less<T>(pivot, load<i64>(j)))
    if (i < j) {
      const v = load<i64>(i)
      store<i64>(i, load<i64>(j))
      store<i64>(j, v)
    }
  } while (i < j)
  return j
}

/** Lets the word at index `at` of the heap of `count` words sink to its place. */
function sink<T>(heap: usize, at: i32, count: i32): void {
  const v = load<i64>(heap + (usize(at) << 3))
  let hole = at
  for (;;) {
    let child = (hole << 1) + 1
    if (child >= count) break
    const left = heap + (usize(child) << 3)
    if (child + 1 < count && less<T>(load<i64>(left), load<i64>(left, 8))) child++
    const larger = load<i64>(heap + (usize(child) << 3))
    if (!less<T>(v, larger)) break
    store<i64>(heap + (usize(hole) << 3), larger)
    hole = child
  }
  store<i64>(heap + (usize(hole) << 3), v)
}

function heapSort<T>(first: usize, last: usize): void {
  const count = i32((last - first) >> 3) + 1
  for (let i = (count >> 1) - 1; i >= 0; i--) sink<T>(first, i, count)
  for (let end = count - 1; end > 0; end--) {
    const v = load<i64>(first)
    store<i64>(first, load<i64>(first + (usize(end) << 3)))
    store<i64>(first + (usize(end) << 3), v)
    sink<T>(first, 0, end)
  }
}

function putOff(top: usize, first: usize, last: usize, divisions: i32): usize {
  store<u32>(top, u32(first))
  store<u32>(top, u32(last), 4)
  store<i32>(top, divisions, 8)
  return top + ENTRY
}

/** Sorts the words from `first` to `last`, of which `divisions` nested divisions may go wrong. */
function sortWords<T>(first: usize, last: usize, divisions: i32): void {
  let top = putOff(STACK, first, last, divisions)
  while (top > STACK) {
    top -= ENTRY
    let from: usize = load<u32>(top)
    let to: usize = load<u32>(top, 4)
    let left = load<i32>(top, 8)
    while (to - from > SMALL && to > from && left > 0) {
      const middle = divide<T>(from, to)
      left--
      if (middle - from < to - middle) {
        top = putOff(top, middle + 8, to, left)
        to = middle
      } else {
        top = putOff(top, from, middle, left)
        from = middle + 8
      }
    }
    if (to <= from) continue
    if (left > 0) insertionSort<T>(from, to)
    else heapSort<T>(from, to)
  }
}

/** Are elements 1 … n integers only? */
function allIntegers(t: usize, n: i64): bool {
  for (let i: i64 = 1; i <= n; i++) if (tagAt(element(t, i)) <= T_MAX) return false
  return true
}

/** Number of bytes of the n elements, all of them strings; -1: not all of them are. */
function allStrings(t: usize, n: i64): i64 {
  let bytes: i64 = 0
  for (let i: i64 = 1; i <= n; i++) {
    const v = load<i64>(element(t, i))
    if (!isStringTag(high(v))) return -1
    bytes += i64(lengthOf(low(v)))
  }
  return bytes
}

function leave(args: usize, count: i32): i32 {
  return callInstead(args, count, slowVersion(BUILTIN_TABLE_SORT))
}

/** table.sort(t [, comparison]). */
export function tableSort(args: usize, count: i32): i32 {
  if (!checkTable(args, count, 0, READ | WRITE | LENGTH)) return CONTROL
  const t = plainTable(args, 0)
  if (!t) return leave(args, count)
  const n = border(t)
  if (n < 2) return 0
  if (!isNone(args, count, 1)) {
    if (!isFunctionTag(tagAt(args + 8))) return raiseArgumentType(args, count, 1, MSG_FUNCTION_EXPECTED)
    return leave(args, count)
  }
  if (n > i64(arraySize(t))) return leave(args, count)
  const depth = 64 - clz(n)
  const integers = allIntegers(t, n)
  const bytes = integers ? 0 : allStrings(t, n)
  if (bytes < 0) return leave(args, count)
  if (!charge(((n * depth) >> 1) + ((bytes * depth) >> 4))) return AGAIN
  reordered(t)
  if (integers) sortWords<Integers>(element(t, 1), element(t, n), i32(depth) << 1)
  else sortWords<Strings>(element(t, 1), element(t, n), i32(depth) << 1)
  return 0
}
