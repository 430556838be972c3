// Jumps and comparisons, which are jumps too.
import { T_FALSE, T_MAX } from '../../generated/layout'
import { equalSlow, orderImmediate, orderSlow } from '../compare'
import { registerA, registerB, target } from '../decode'
import { tagAt } from '../value'

export function opJmp(pc: usize, base: usize): usize {
  return target(pc)
}

export function opJt(pc: usize, base: usize): usize {
  return tagAt(registerA(pc, base)) > T_FALSE ? target(pc) : pc + 8
}

export function opJf(pc: usize, base: usize): usize {
  return tagAt(registerA(pc, base)) > T_FALSE ? pc + 8 : target(pc)
}

export function opJtset(pc: usize, base: usize): usize {
  const rb = registerB(pc, base)
  if (tagAt(rb) <= T_FALSE) return pc + 8
  store<i64>(registerA(pc, base), load<i64>(rb))
  return target(pc)
}

export function opJfset(pc: usize, base: usize): usize {
  const rb = registerB(pc, base)
  if (tagAt(rb) > T_FALSE) return pc + 8
  store<i64>(registerA(pc, base), load<i64>(rb))
  return target(pc)
}

export function opJeq(pc: usize, base: usize): usize {
  const a = load<i64>(registerA(pc, base))
  const b = load<i64>(registerB(pc, base))
  if (a == b) return target(pc)
  return equalSlow(pc, a, b)
}

export function opJne(pc: usize, base: usize): usize {
  const a = load<i64>(registerA(pc, base))
  const b = load<i64>(registerB(pc, base))
  if (a == b) return pc + 8
  return equalSlow(pc, a, b)
}

/** Are both words integers that stand for themselves? */
function plain(a: i64, b: i64): bool {
  return i32(a >> 32) > T_MAX && i32(b >> 32) > T_MAX
}

export function opJlt(pc: usize, base: usize): usize {
  const a = load<i64>(registerA(pc, base))
  const b = load<i64>(registerB(pc, base))
  if (plain(a, b)) return a < b ? target(pc) : pc + 8
  return orderSlow(pc, a, b)
}

export function opJnlt(pc: usize, base: usize): usize {
  const a = load<i64>(registerA(pc, base))
  const b = load<i64>(registerB(pc, base))
  if (plain(a, b)) return a < b ? pc + 8 : target(pc)
  return orderSlow(pc, a, b)
}

export function opJle(pc: usize, base: usize): usize {
  const a = load<i64>(registerA(pc, base))
  const b = load<i64>(registerB(pc, base))
  if (plain(a, b)) return a <= b ? target(pc) : pc + 8
  return orderSlow(pc, a, b)
}

export function opJnle(pc: usize, base: usize): usize {
  const a = load<i64>(registerA(pc, base))
  const b = load<i64>(registerB(pc, base))
  if (plain(a, b)) return a <= b ? pc + 8 : target(pc)
  return orderSlow(pc, a, b)
}

export function opJeqk(pc: usize, base: usize): usize {
  return load<i64>(registerA(pc, base)) == load<i64>(pc, 8) ? target(pc) + 8 : pc + 16
}

export function opJnek(pc: usize, base: usize): usize {
  return load<i64>(registerA(pc, base)) == load<i64>(pc, 8) ? pc + 16 : target(pc) + 8
}

function immediate(pc: usize): i64 {
  return i64(load<i16>(pc, 2))
}

export function opJeqi(pc: usize, base: usize): usize {
  return load<i64>(registerA(pc, base)) == immediate(pc) ? target(pc) : pc + 8
}

export function opJnei(pc: usize, base: usize): usize {
  return load<i64>(registerA(pc, base)) == immediate(pc) ? pc + 8 : target(pc)
}

export function opJlti(pc: usize, base: usize): usize {
  const a = load<i64>(registerA(pc, base))
  if (i32(a >> 32) > T_MAX) return a < immediate(pc) ? target(pc) : pc + 8
  return orderImmediate(pc, a, immediate(pc))
}

export function opJnlti(pc: usize, base: usize): usize {
  const a = load<i64>(registerA(pc, base))
  if (i32(a >> 32) > T_MAX) return a < immediate(pc) ? pc + 8 : target(pc)
  return orderImmediate(pc, a, immediate(pc))
}

export function opJlei(pc: usize, base: usize): usize {
  const a = load<i64>(registerA(pc, base))
  if (i32(a >> 32) > T_MAX) return a <= immediate(pc) ? target(pc) : pc + 8
  return orderImmediate(pc, a, immediate(pc))
}

export function opJnlei(pc: usize, base: usize): usize {
  const a = load<i64>(registerA(pc, base))
  if (i32(a >> 32) > T_MAX) return a <= immediate(pc) ? pc + 8 : target(pc)
  return orderImmediate(pc, a, immediate(pc))
}

export function opJgti(pc: usize, base: usize): usize {
  const a = load<i64>(registerA(pc, base))
  if (i32(a >> 32) > T_MAX) return a > immediate(pc) ? target(pc) : pc + 8
  return orderImmediate(pc, a, immediate(pc))
}

export function opJngti(pc: usize, base: usize): usize {
  const a = load<i64>(registerA(pc, base))
  if (i32(a >> 32) > T_MAX) return a > immediate(pc) ? pc + 8 : target(pc)
  return orderImmediate(pc, a, immediate(pc))
}

export function opJgei(pc: usize, base: usize): usize {
  const a = load<i64>(registerA(pc, base))
  if (i32(a >> 32) > T_MAX) return a >= immediate(pc) ? target(pc) : pc + 8
  return orderImmediate(pc, a, immediate(pc))
}

export function opJngei(pc: usize, base: usize): usize {
  const a = load<i64>(registerA(pc, base))
  if (i32(a >> 32) > T_MAX) return a >= immediate(pc) ? pc + 8 : target(pc)
  return orderImmediate(pc, a, immediate(pc))
}
