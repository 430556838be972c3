// What an instruction does with the result of the metamethod that it called.
import {
  G_BASE,
  OP_CONCAT,
  OP_JEQ,
  OP_JGEI,
  OP_JGTI,
  OP_JLE,
  OP_JLEI,
  OP_JLT,
  OP_JLTI,
  OP_JNGEI,
  OP_SETFIELD,
  OP_SETI,
  OP_SETTABLE,
  OP_SETTABUP,
  T_EMPTY,
  V_EMPTY,
} from '../generated/layout'
import { isTrue, tagAt } from './value'

/** Finishes the instruction before `next` with the value; returns where to go on. */
export function finishMeta(next: usize, value: i64): usize {
  const pc = next - 8
  const op: i32 = load<u8>(pc)
  const base: usize = load<u32>(G_BASE)
  if (op >= OP_JEQ && op <= OP_JNGEI) return finishJump(pc, op, isTrue(value))
  if (op == OP_CONCAT) return finishConcat(pc, base, value)
  if (op == OP_SETTABUP || op == OP_SETFIELD || op == OP_SETTABLE || op == OP_SETI) return next
  store<i64>(base + (usize(load<u8>(pc, 1)) << 3), value)
  return next
}

function finishJump(pc: usize, op: i32, holds: bool): usize {
  const positive =
    op == OP_JEQ ||
    op == OP_JLT ||
    op == OP_JLE ||
    op == OP_JLTI ||
    op == OP_JLEI ||
    op == OP_JGTI ||
    op == OP_JGEI
  return holds == positive ? pc + 8 + load<i32>(pc, 4) : pc + 8
}

/** The last two operands have become one: the result takes the left one's place, and CONCAT runs again. */
function finishConcat(pc: usize, base: usize, value: i64): usize {
  const first = base + (usize(load<u8>(pc, 1)) << 3)
  let last = first + (usize(load<u8>(pc, 2)) << 3) - 8
  while (tagAt(last) == T_EMPTY) last -= 8
  store<i64>(last, V_EMPTY)
  store<i64>(last - 8, value)
  return pc
}
