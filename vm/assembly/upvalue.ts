// Upvalues: shared variables of closures. Open ones point into a stack and are in its coroutine's list,
// highest address first; closed ones hold their value.
import {
  G_THREAD,
  KIND_UPVALUE,
  THREAD_OPEN,
  UPVALUE_AT,
  UPVALUE_BYTES,
  UPVALUE_NEXT,
  UPVALUE_VALUE,
} from '../generated/layout'
import { barrier } from './gc-mark'
import { newObject } from './memory'

/** The open upvalue for a stack slot of the current coroutine; made if there is none. */
export function findUpvalue(slot: usize): usize {
  const thread: usize = load<u32>(G_THREAD)
  let before: usize = 0
  let upvalue: usize = load<u32>(thread, THREAD_OPEN)
  while (upvalue && usize(load<u32>(upvalue, UPVALUE_AT)) > slot) {
    before = upvalue
    upvalue = load<u32>(upvalue, UPVALUE_NEXT)
  }
  if (upvalue && usize(load<u32>(upvalue, UPVALUE_AT)) == slot) return upvalue
  const made = newObject(UPVALUE_BYTES, KIND_UPVALUE)
  store<u32>(made, u32(slot), UPVALUE_AT)
  store<u32>(made, u32(upvalue), UPVALUE_NEXT)
  store<i64>(made, i64(thread), UPVALUE_VALUE)
  if (before) store<u32>(before, u32(made), UPVALUE_NEXT)
  else store<u32>(thread, u32(made), THREAD_OPEN)
  return made
}

/** Closes the current coroutine's upvalues at `level` and above. */
export function closeUpvalues(level: usize): void {
  const thread: usize = load<u32>(G_THREAD)
  let upvalue: usize = load<u32>(thread, THREAD_OPEN)
  while (upvalue && usize(load<u32>(upvalue, UPVALUE_AT)) >= level) {
    const next: usize = load<u32>(upvalue, UPVALUE_NEXT)
    const v = load<i64>(usize(load<u32>(upvalue, UPVALUE_AT)))
    store<i64>(upvalue, v, UPVALUE_VALUE)
    store<u32>(upvalue, u32(upvalue + UPVALUE_VALUE), UPVALUE_AT)
    barrier(upvalue, v)
    upvalue = next
  }
  store<u32>(thread, u32(upvalue), THREAD_OPEN)
}

/** A closed upvalue that holds a value. */
export function closedUpvalue(v: i64): usize {
  const made = newObject(UPVALUE_BYTES, KIND_UPVALUE)
  store<u32>(made, u32(made + UPVALUE_VALUE), UPVALUE_AT)
  store<u32>(made, 0, UPVALUE_NEXT)
  store<i64>(made, v, UPVALUE_VALUE)
  return made
}
