// @ts-nocheck: AssemblyScript, compiled by bench/values/build.mjs, not by tsc
// The machine of the benchmark: one dispatch loop, the same for every candidate; './value' is the candidate
// and './config' says how fuel is charged (both are put in place by build.mjs). An instruction is 8 bytes,
// op A B C and a signed 32-bit D; E is the signed 16-bit number in the place of B and C. Jumps are
// distances from the following instruction, strings and constants absolute addresses.
import { EXACT_FUEL } from './config'
import { BASE, GLOBALS, PC, RESULT, STACK_END } from './memory'
import { OP } from './opcodes'
import {
  ARRAY,
  dropArray,
  findInherited,
  findString,
  growArray,
  insertString,
  MARK,
  META,
  newTable,
  SIZE,
} from './table'
import {
  areWordsInts,
  arrayIndex,
  copy,
  intAt,
  integerAt,
  intOf,
  isInt,
  isInteger,
  isTag,
  isWordInt,
  objectAt,
  SHIFT,
  SLOT,
  setInt,
  setSmall,
  setTagged,
  T_CLOSURE,
  T_NIL,
  T_TABLE,
  trySetInt,
  updateSmall,
  wordAt,
} from './value'

export { newClosure, newString, newTableObject, put, reset, SLOT_BYTES, setMeta, start } from './setup'

const DONE: i32 = 0
const ERROR: i32 = 1
const FUEL: i32 = 2
const BLACK: u8 = 3

function A(pc: usize, base: usize): usize {
  return base + (usize(load<u8>(pc, 1)) << SHIFT)
}

function B(pc: usize, base: usize): usize {
  return base + (usize(load<u8>(pc, 2)) << SHIFT)
}

function C(pc: usize, base: usize): usize {
  return base + (usize(load<u8>(pc, 3)) << SHIFT)
}

function floorMod(b: i64, c: i64): i64 {
  const r = b % c
  return r != 0 && (r ^ c) < 0 ? r + c : r
}

/** Arithmetic on integers of any form; false if an operand is none, or the divisor zero. */
function arithmetic(op: i32, to: usize, b: usize, c: usize): bool {
  if (!isInteger(b) || !isInteger(c)) return false
  const x = integerAt(b)
  const y = integerAt(c)
  if (op == OP.ADD) setInt(to, x + y)
  else if (op == OP.SUB) setInt(to, x - y)
  else if (op == OP.MUL) setInt(to, x * y)
  else {
    if (y == 0) return false
    setInt(to, floorMod(x, y))
  }
  return true
}

/** Addition of a constant to an integer of any form; false if the operand is none. */
function addImmediate(to: usize, b: usize, d: i32): bool {
  if (!isInteger(b)) return false
  setInt(to, integerAt(b) + i64(d))
  return true
}

/** R[A][K] := value where the key is absent or nil. */
function setFieldSlowly(t: usize, s: usize, value: usize): bool {
  let at = findString(t, s)
  if (!at) at = insertString(t, s)
  if (!at) return false
  copy(at, value)
  return true
}

/** Value of a string key that the table itself hasn't; nil if nobody has. */
function inherit(to: usize, t: usize, s: usize): void {
  const at = findInherited(t, s)
  if (at) copy(to, at)
  else setTagged(to, T_NIL, 0)
}

/** R[A][key] := value where the array part has no such slot; only appending is supported. */
function append(t: usize, key: usize, value: usize): bool {
  if (!isInt(key) || intAt(key) != i64(load<i32>(t, SIZE)) + 1) return false
  growArray(t)
  copy(usize(load<u32>(t, ARRAY)) + (usize(arrayIndex(key)) << SHIFT), value)
  return true
}

/** Runs until done (0), error (1) or out of fuel (2); may be called again after the last. */
export function run(fuel: i32): i32 {
  let pc: usize = load<u32>(PC)
  let base: usize = load<u32>(BASE)
  let reason = ERROR
  while (true) {
    if (EXACT_FUEL) {
      if (--fuel < 0) {
        reason = FUEL
        break
      }
    }
    switch (i32(load<u8>(pc))) {
      case OP.MOVE: {
        copy(A(pc, base), B(pc, base))
        pc += 8
        continue
      }
      case OP.LOADI: {
        setSmall(A(pc, base), i64(load<i32>(pc, 4)))
        pc += 8
        continue
      }
      case OP.LOADK: {
        setInt(A(pc, base), load<i64>(load<u32>(pc, 4)))
        pc += 8
        continue
      }
      case OP.GETGLOBAL: {
        const t: usize = load<u32>(GLOBALS)
        const s: usize = load<u32>(pc, 4)
        const value = findString(t, s)
        if (value && !isTag(value, T_NIL)) copy(A(pc, base), value)
        else inherit(A(pc, base), t, s)
        pc += 8
        continue
      }
      case OP.GETFIELD: {
        const b = B(pc, base)
        if (!isTag(b, T_TABLE)) break
        const t = objectAt(b)
        const s: usize = load<u32>(pc, 4)
        const value = findString(t, s)
        if (value && !isTag(value, T_NIL)) copy(A(pc, base), value)
        else inherit(A(pc, base), t, s)
        pc += 8
        continue
      }
      case OP.SETFIELD: {
        const b = B(pc, base)
        if (!isTag(b, T_TABLE)) break
        const t = objectAt(b)
        if (load<u8>(t, MARK) == BLACK) break
        const s: usize = load<u32>(pc, 4)
        const value = findString(t, s)
        if (value && !isTag(value, T_NIL)) copy(value, A(pc, base))
        else if (!setFieldSlowly(t, s, A(pc, base))) break
        pc += 8
        continue
      }
      case OP.SELF: {
        const a = A(pc, base)
        const b = B(pc, base)
        if (!isTag(b, T_TABLE)) break
        const t = objectAt(b)
        const s: usize = load<u32>(pc, 4)
        copy(a + 2 * SLOT, b)
        const value = findString(t, s)
        if (value && !isTag(value, T_NIL)) copy(a, value)
        else inherit(a, t, s)
        pc += 8
        continue
      }
      case OP.GETTABLE: {
        const b = B(pc, base)
        if (!isTag(b, T_TABLE)) break
        const t = objectAt(b)
        const index = arrayIndex(C(pc, base))
        if (index >= u64(load<u32>(t, SIZE))) break
        const value = usize(load<u32>(t, ARRAY)) + (usize(index) << SHIFT)
        if (isTag(value, T_NIL) && load<u32>(t, META)) break
        copy(A(pc, base), value)
        pc += 8
        continue
      }
      case OP.SETTABLE: {
        const b = B(pc, base)
        if (!isTag(b, T_TABLE)) break
        const t = objectAt(b)
        if (load<u8>(t, MARK) == BLACK) break
        const key = C(pc, base)
        const index = arrayIndex(key)
        if (index < u64(load<u32>(t, SIZE))) {
          const value = usize(load<u32>(t, ARRAY)) + (usize(index) << SHIFT)
          if (load<u32>(t, META) && isTag(value, T_NIL)) break
          copy(value, A(pc, base))
        } else if (!append(t, key, A(pc, base))) break
        pc += 8
        continue
      }
      case OP.NEWTABLE: {
        setTagged(A(pc, base), T_TABLE, newTable(0))
        pc += 8
        continue
      }
      case OP.DROPARRAY: {
        dropArray(objectAt(A(pc, base)))
        pc += 8
        continue
      }
      case OP.ADD: {
        const b = B(pc, base)
        const c = C(pc, base)
        const x = wordAt(b)
        const y = wordAt(c)
        const fast = areWordsInts(b, c, x, y) && trySetInt(A(pc, base), intOf(x) + intOf(y))
        if (!fast && !arithmetic(OP.ADD, A(pc, base), b, c)) break
        pc += 8
        continue
      }
      case OP.SUB: {
        const b = B(pc, base)
        const c = C(pc, base)
        const x = wordAt(b)
        const y = wordAt(c)
        const fast = areWordsInts(b, c, x, y) && trySetInt(A(pc, base), intOf(x) - intOf(y))
        if (!fast && !arithmetic(OP.SUB, A(pc, base), b, c)) break
        pc += 8
        continue
      }
      case OP.MUL: {
        const b = B(pc, base)
        const c = C(pc, base)
        const x = wordAt(b)
        const y = wordAt(c)
        const fast = areWordsInts(b, c, x, y) && trySetInt(A(pc, base), intOf(x) * intOf(y))
        if (!fast && !arithmetic(OP.MUL, A(pc, base), b, c)) break
        pc += 8
        continue
      }
      case OP.MOD: {
        const b = B(pc, base)
        const c = C(pc, base)
        const x = wordAt(b)
        const y = wordAt(c)
        if (areWordsInts(b, c, x, y) && intOf(y) != 0) setSmall(A(pc, base), floorMod(intOf(x), intOf(y)))
        else if (!arithmetic(OP.MOD, A(pc, base), b, c)) break
        pc += 8
        continue
      }
      case OP.ADDI: {
        const b = B(pc, base)
        const x = wordAt(b)
        const fast = isWordInt(b, x) && trySetInt(A(pc, base), intOf(x) + i64(load<i32>(pc, 4)))
        if (!fast && !addImmediate(A(pc, base), b, load<i32>(pc, 4))) break
        pc += 8
        continue
      }
      case OP.JMP: {
        const d = load<i32>(pc, 4)
        pc += 8 + d
        if (!EXACT_FUEL && d < 0 && --fuel < 0) {
          reason = FUEL
          break
        }
        continue
      }
      case OP.JNLTI: {
        const a = A(pc, base)
        const x = wordAt(a)
        if (!isWordInt(a, x)) break
        if (intOf(x) >= i64(load<i16>(pc, 2))) {
          const d = load<i32>(pc, 4)
          pc += 8 + d
          if (!EXACT_FUEL && d < 0 && --fuel < 0) {
            reason = FUEL
            break
          }
        } else pc += 8
        continue
      }
      case OP.JLT: {
        const a = A(pc, base)
        const b = B(pc, base)
        const x = wordAt(a)
        const y = wordAt(b)
        if (!areWordsInts(a, b, x, y)) break
        if (intOf(x) < intOf(y)) {
          const d = load<i32>(pc, 4)
          pc += 8 + d
          if (!EXACT_FUEL && d < 0 && --fuel < 0) {
            reason = FUEL
            break
          }
        } else pc += 8
        continue
      }
      case OP.JNLT: {
        const a = A(pc, base)
        const b = B(pc, base)
        const x = wordAt(a)
        const y = wordAt(b)
        if (!areWordsInts(a, b, x, y)) break
        if (intOf(x) >= intOf(y)) {
          const d = load<i32>(pc, 4)
          pc += 8 + d
          if (!EXACT_FUEL && d < 0 && --fuel < 0) {
            reason = FUEL
            break
          }
        } else pc += 8
        continue
      }
      case OP.SKIPLTI: {
        const a = A(pc, base)
        const x = wordAt(a)
        if (!isWordInt(a, x)) break
        pc += intOf(x) < i64(load<i16>(pc, 2)) ? 16 : 8
        continue
      }
      case OP.SKIPNLT: {
        const a = A(pc, base)
        const b = B(pc, base)
        const x = wordAt(a)
        const y = wordAt(b)
        if (!areWordsInts(a, b, x, y)) break
        pc += intOf(x) < intOf(y) ? 8 : 16
        continue
      }
      case OP.FORPREP: {
        const a = A(pc, base)
        if (!isInt(a) || !isInt(a + SLOT) || !isInt(a + 2 * SLOT)) break
        if (intAt(a + SLOT) < intAt(a)) pc += 8 + load<i32>(pc, 4)
        else {
          // only steps of 1 and ranges in which the index can't become a boxed integer
          setSmall(a + SLOT, intAt(a + SLOT) - intAt(a))
          copy(a + 3 * SLOT, a)
          pc += 8
        }
        continue
      }
      case OP.FORLOOP: {
        const a = A(pc, base)
        const left = intAt(a + SLOT)
        if (left <= 0) {
          pc += 8
          continue
        }
        updateSmall(a + SLOT, left - 1)
        const next = intAt(a) + intAt(a + 2 * SLOT)
        updateSmall(a, next)
        setSmall(a + 3 * SLOT, next)
        pc += 8 + load<i32>(pc, 4)
        if (!EXACT_FUEL && --fuel < 0) {
          reason = FUEL
          break
        }
        continue
      }
      case OP.CALL: {
        const a = A(pc, base)
        if (!isTag(a, T_CLOSURE)) break
        const proto: usize = load<u32>(objectAt(a), 8)
        if (load<u8>(pc, 2) - 1 != load<u8>(proto, 8)) break
        if (a + 2 * SLOT + (usize(load<u8>(proto, 9)) << SHIFT) > load<u32>(STACK_END)) break
        setSmall(a + SLOT, i64(pc + 8))
        base = a + 2 * SLOT
        pc = load<u32>(proto, 12)
        if (!EXACT_FUEL && --fuel < 0) {
          reason = FUEL
          break
        }
        continue
      }
      case OP.RETURN1: {
        const from = A(pc, base)
        pc = usize(intAt(base - SLOT))
        copy(base - 2 * SLOT, from)
        if (load<u8>(pc - 5) > 2) break
        base -= 2 * SLOT + (usize(load<u8>(pc - 7)) << SHIFT)
        continue
      }
      case OP.RETURN0: {
        pc = usize(intAt(base - SLOT))
        if (load<u8>(pc - 5) > 1) break
        base -= 2 * SLOT + (usize(load<u8>(pc - 7)) << SHIFT)
        continue
      }
      case OP.HALT: {
        if (!isInteger(A(pc, base))) break
        store<i64>(RESULT, integerAt(A(pc, base)))
        reason = DONE
        break
      }
    }
    break
  }
  store<u32>(PC, u32(pc))
  store<u32>(BASE, u32(base))
  return reason
}
