// Second pass over a pattern's program: which repetitions never have to give a character back, because
// what follows cannot match the characters that they take, and where a search can skip ahead to.
import {
  P_ANCHOR,
  P_BALANCE,
  P_BYTE,
  P_END,
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
  P_OPTION_BYTE,
  P_SCAN_BYTE,
  P_SCAN_PAIR,
  P_SCAN_SET,
  P_SEEK,
  P_SET,
  P_STAR_BYTE,
  P_TEXT,
  P_TRY_BYTE,
  P_TRY_SET,
  PLAIN_SIZE,
  sizeAt,
  TEST_BYTE,
  TEST_SET,
} from './pattern-program'
import { areDisjoint, inSet } from './pattern-set'

/** What follows a repetition. */
const NOTHING_KNOWN: i32 = 0
const DISJOINT: i32 = 1
const BYTE_FOLLOWS: i32 = 2

function isCapture(op: i32): bool {
  return op >= P_OPEN && op <= P_HERE
}

/** Does the instruction test single characters? */
function isSingle(op: i32): bool {
  return op >= P_BYTE && op <= P_TRY_SET
}

function isLazy(op: i32): bool {
  return op >= P_LAZY_BYTE && op <= P_LAZY_SET
}

/** May the instruction match without taking a character? Only for those that test single ones. */
function mayBeEmpty(pc: usize): bool {
  const op: i32 = load<u8>(pc)
  if (op <= P_SET) return false
  return op > P_GREEDY_SET || load<u8>(pc, 2) == 0
}

/** Must the instruction begin with one certain byte? */
function beginsWithByte(op: i32): bool {
  return op == P_TEXT || op == P_BALANCE || (isSingle(op) && (op & 3) == TEST_BYTE)
}

function firstByte(pc: usize): i32 {
  return load<u8>(pc) == P_TEXT ? i32(load<u8>(pc, 8)) : i32(load<u8>(pc, 1))
}

/** Can no character that `a` (which tests single ones) takes begin what `b` takes? */
function excludes(a: usize, b: usize): bool {
  const opB: i32 = load<u8>(b)
  const testA = load<u8>(a) & 3
  const byte = beginsWithByte(opB)
  if (!byte && (opB & 3) != TEST_SET) return false
  if (testA == TEST_SET)
    return byte ? !inSet(a + PLAIN_SIZE, firstByte(b)) : areDisjoint(a + PLAIN_SIZE, b + PLAIN_SIZE)
  if (testA != TEST_BYTE) return false
  return byte ? load<u8>(a, 1) != firstByte(b) : !inSet(b + PLAIN_SIZE, load<u8>(a, 1))
}

/** What follows the repetition at `pc`: DISJOINT, or BYTE_FOLLOWS with the byte above bit 8, or nothing known. */
function following(pc: usize): i32 {
  let next = pc + usize(sizeAt(pc))
  let direct = true
  while (true) {
    const op: i32 = load<u8>(next)
    if (op == P_END) return DISJOINT
    // at the end of a pattern a shortest repetition takes nothing more, any other one all it can
    if (op == P_MATCH) return isLazy(load<u8>(pc)) ? NOTHING_KNOWN : DISJOINT
    if (!isCapture(op)) {
      if (!isSingle(op) && op != P_TEXT && op != P_BALANCE) return NOTHING_KNOWN
      const must = !isSingle(op) || !mayBeEmpty(next)
      if (!excludes(pc, next))
        return must && direct && beginsWithByte(op) ? BYTE_FOLLOWS | (firstByte(next) << 8) : 0
      if (must) return DISJOINT
      direct = false
    }
    next += usize(sizeAt(next))
  }
}

/** Chooses the form of a repetition by what follows it. */
function planRepetition(pc: usize, op: i32): void {
  const what = following(pc)
  if (what == DISJOINT) {
    store<u8>(pc, u8((op & 3) + (op >= P_TRY_BYTE ? P_OPTION_BYTE : P_STAR_BYTE)))
  } else if ((what & 255) == BYTE_FOLLOWS) {
    if (op == P_LAZY_ANY) store<u8>(pc, u8(P_SEEK))
    if (op == P_LAZY_ANY || op == P_GREEDY_ANY || op == P_GREEDY_SET) {
      store<u8>(pc, u8(what >> 8), 1)
      store<u8>(pc, 1, 3)
    }
  }
}

/** Plans all repetitions, then the search. `code` is the first instruction. */
export function planPattern(code: usize): void {
  let pc = code + PLAIN_SIZE
  let op: i32 = load<u8>(pc)
  while (op != P_MATCH) {
    if (op >= P_GREEDY_BYTE && op <= P_TRY_SET) planRepetition(pc, op)
    pc += usize(sizeAt(pc))
    op = load<u8>(pc)
  }
  if (load<u8>(code) != P_ANCHOR) planSearch(code)
}

/** Makes the first instruction skip to where the pattern can begin. */
function planSearch(code: usize): void {
  let pc = code + PLAIN_SIZE
  while (isCapture(load<u8>(pc))) pc += PLAIN_SIZE
  const op: i32 = load<u8>(pc)
  if (op == P_TEXT) {
    store<u8>(code, u8(P_SCAN_PAIR))
    store<u16>(code, load<u16>(pc, 8), 1)
  } else if (op == P_FRONTIER) {
    if (!inSet(pc + PLAIN_SIZE, 0)) scanSet(code, pc)
  } else if (op == P_BALANCE || (isSingle(op) && !mayBeEmpty(pc))) {
    if (beginsWithByte(op)) {
      store<u8>(code, u8(P_SCAN_BYTE))
      store<u8>(code, load<u8>(pc, 1), 1)
    } else if ((op & 3) == TEST_SET) scanSet(code, pc)
  }
}

function scanSet(code: usize, pc: usize): void {
  store<u8>(code, u8(P_SCAN_SET))
  store<i32>(code, i32(pc - code) + PLAIN_SIZE, 4)
}
