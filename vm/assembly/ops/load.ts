// MOVE, constants and upvalues.
import { CLOSURE_UPVALUES, UPVALUE_AT, V_FALSE, V_NIL, V_TRUE } from '../../generated/layout'
import { fieldB, fieldD, registerA, registerB } from '../decode'
import { barrier } from '../gc-mark'
import { objectAt } from '../value'

export function opMove(pc: usize, base: usize): usize {
  store<i64>(registerA(pc, base), load<i64>(registerB(pc, base)))
  return pc + 8
}

export function opLoadi(pc: usize, base: usize): usize {
  store<i64>(registerA(pc, base), i64(fieldD(pc)))
  return pc + 8
}

export function opLoadk(pc: usize, base: usize): usize {
  store<i64>(registerA(pc, base), load<i64>(usize(fieldD(pc))))
  return pc + 8
}

export function opLoadnil(pc: usize, base: usize): usize {
  const ra = registerA(pc, base)
  const last = ra + (usize(fieldB(pc)) << 3)
  for (let slot = ra; slot <= last; slot += 8) store<i64>(slot, V_NIL)
  return pc + 8
}

export function opLoadfalse(pc: usize, base: usize): usize {
  store<i64>(registerA(pc, base), V_FALSE)
  return pc + 8
}

export function opLoadtrue(pc: usize, base: usize): usize {
  store<i64>(registerA(pc, base), V_TRUE)
  return pc + 8
}

/** Address of the upvalue object B of the running closure. */
export function upvalueB(pc: usize, base: usize): usize {
  return load<u32>(objectAt(base - 16) + (usize(fieldB(pc)) << 2), CLOSURE_UPVALUES)
}

export function opGetupval(pc: usize, base: usize): usize {
  store<i64>(registerA(pc, base), load<i64>(load<u32>(upvalueB(pc, base), UPVALUE_AT)))
  return pc + 8
}

export function opSetupval(pc: usize, base: usize): usize {
  const upvalue = upvalueB(pc, base)
  const v = load<i64>(registerA(pc, base))
  store<i64>(load<u32>(upvalue, UPVALUE_AT), v)
  barrier(upvalue, v)
  return pc + 8
}
