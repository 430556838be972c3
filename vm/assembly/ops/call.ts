// Calls, returns, closures and what leaves a block.
import {
  CLOSURE_COUNT,
  CLOSURE_PROTO,
  CLOSURE_UPVALUES,
  EVENT_CLOSE,
  FRAME_AGAIN,
  FRAME_TAIL,
  FRAME_VARARG,
  G_BASE,
  G_NEXT_PC,
  G_PC,
  G_STACK_END,
  G_TOP,
  KIND_CLOSURE,
  LINK_TAILED,
  PROTO_CODE,
  PROTO_FRAME,
  PROTO_PARAMETERS,
  PROTO_UPVALUE_OFFSET,
  PROTO_UPVALUES,
  STATIC_OVERFLOW,
  T_CLOSURE,
  V_NIL,
} from '../../generated/layout'
import { section } from '../debug-info'
import { fieldB, fieldC, fieldD, registerA } from '../decode'
import {
  deliver,
  enterClosure,
  frameEnd,
  functionSlot,
  invoke,
  invokeCallable,
  later,
  link,
  makeCallable,
  makeRoom,
  removeCalls,
  returnValues,
} from '../frames'
import { payForValues } from '../fuel'
import { outOfMemory, safePoint } from '../gc'
import { hasRoomFor, newObject } from '../memory'
import { isLibrary } from '../message'
import { metamethodOf } from '../metatable'
import { forgetToClose, lastToClose, markToClose, rememberToClose } from '../unwind'
import { closeUpvalues, findUpvalue } from '../upvalue'
import { objectAt, tagAt, tagged } from '../value'

/** Closures with more upvalues make sure that there is memory for all of them. */
const FEW_UPVALUES: i32 = 16

/** Number of arguments of a call at `ra`: from field B, or up to top. */
function argumentCount(pc: usize, ra: usize): i32 {
  const b = fieldB(pc)
  return b ? b - 1 : i32(usize(load<u32>(G_TOP)) - ra - 16) >> 3
}

export function opCall(pc: usize, base: usize): usize {
  const ra = registerA(pc, base)
  const count = argumentCount(pc, ra)
  if (tagAt(ra) == T_CLOSURE) {
    const proto: usize = load<u32>(objectAt(ra), CLOSURE_PROTO)
    const own = ra + 16
    if (own + (usize(load<u8>(proto, PROTO_FRAME)) << 3) <= usize(load<u32>(G_STACK_END))) {
      const parameters: i32 = load<u8>(proto, PROTO_PARAMETERS)
      for (let i = count; i < parameters; i++) store<i64>(own + (usize(i) << 3), V_NIL)
      store<i64>(ra + 8, i64(pc + 8) << 32)
      store<u32>(G_BASE, u32(own))
      store<u32>(G_TOP, u32(own + (usize(count) << 3)))
      return proto + PROTO_CODE
    }
  }
  store<u32>(G_PC, u32(pc))
  return invoke(link(pc + 8, 0, 0), ra, count)
}

/** The callee takes the place of the running frame. */
export function opTailcall(pc: usize, base: usize): usize {
  const ra = registerA(pc, base)
  const count = argumentCount(pc, ra)
  store<u32>(G_PC, u32(pc))
  if (fieldC(pc)) closeUpvalues(base)
  const n = makeCallable(ra, count)
  if (n < 0) return load<u32>(G_NEXT_PC)
  // what is no Lua function of a script is called from here, and the frame ends with its results
  if (tagAt(ra) != T_CLOSURE || isLibrary(load<u32>(objectAt(ra), CLOSURE_PROTO)))
    return invokeCallable(link(pc + 8, FRAME_TAIL, i32(ra + 16 - base)), ra, n, count)
  const slot = functionSlot(base)
  const proto: usize = load<u32>(objectAt(ra), CLOSURE_PROTO)
  const room = i32(load<u8>(proto, PROTO_FRAME)) + n // more than it needs, so that nothing can fail below
  if (!makeRoom(slot + 16, room)) {
    removeCalls(ra, n, count)
    return load<u32>(G_NEXT_PC)
  }
  const next = load<i64>(slot + 8) | i64(LINK_TAILED)
  store<i64>(slot, load<i64>(ra))
  const to = slot + 16
  const from = ra + 16
  payForValues(n)
  for (let i: i32 = 0; i < n; i++) store<i64>(to + (usize(i) << 3), load<i64>(from + (usize(i) << 3)))
  store<u32>(G_BASE, u32(to))
  store<u32>(G_TOP, u32(to + (usize(n) << 3)))
  return enterClosure(next, slot, n)
}

export function opReturn(pc: usize, base: usize): usize {
  const ra = registerA(pc, base)
  const b = fieldB(pc)
  const count = b ? b - 1 : i32(usize(load<u32>(G_TOP)) - ra) >> 3
  if (fieldC(pc)) {
    store<u32>(G_PC, u32(pc))
    const slot = lastToClose(base)
    if (slot) return closeVariable(pc, slot, b ? frameEnd(base) : ra + (usize(count) << 3))
    closeUpvalues(base)
  }
  return returnValues(base, ra, count)
}

export function opReturn0(pc: usize, base: usize): usize {
  if (load<i32>(base - 8) != 0) return returnValues(base, base, 0)
  const next: usize = load<u32>(base - 8, 4)
  const wanted: i32 = load<u8>(next - 8, 3)
  store<u32>(G_BASE, u32(base - 16 - (usize(load<u8>(next - 8, 1)) << 3)))
  if (wanted != 1) deliver(base - 16, wanted - 1, base, 0)
  return next
}

export function opReturn1(pc: usize, base: usize): usize {
  const ra = registerA(pc, base)
  if (load<i32>(base - 8) != 0) return returnValues(base, ra, 1)
  const next: usize = load<u32>(base - 8, 4)
  const wanted: i32 = load<u8>(next - 8, 3)
  store<u32>(G_BASE, u32(base - 16 - (usize(load<u8>(next - 8, 1)) << 3)))
  if (wanted == 2) store<i64>(base - 16, load<i64>(ra))
  else deliver(base - 16, wanted - 1, ra, 1)
  return next
}

/**
 * Moves the frame above its arguments: the parameters are copied, what lies beyond them stays below as
 * the extra arguments, and the distance is kept in the new link.
 */
export function opVarargprep(pc: usize, base: usize): usize {
  const parameters: i32 = load<u8>(pc, 1)
  let count = i32(usize(load<u32>(G_TOP)) - base) >> 3
  if (count < parameters) count = parameters
  const proto: usize = load<u32>(objectAt(base - 16), CLOSURE_PROTO)
  store<u32>(G_PC, u32(pc))
  if (!makeRoom(base, count + 2 + i32(load<u8>(proto, PROTO_FRAME)))) return load<u32>(G_NEXT_PC)
  const distance = (count + 2) << 3
  const own = base + usize(distance)
  store<i64>(own - 16, load<i64>(base - 16))
  store<i64>(own - 8, link(0, FRAME_VARARG, distance))
  for (let i: i32 = 0; i < parameters; i++) {
    store<i64>(own + (usize(i) << 3), load<i64>(base + (usize(i) << 3)))
    store<i64>(base + (usize(i) << 3), V_NIL)
  }
  store<u32>(G_BASE, u32(own))
  return pc + 8
}

export function opVararg(pc: usize, base: usize): usize {
  const proto: usize = load<u32>(objectAt(base - 16), CLOSURE_PROTO)
  const distance = load<i32>(base - 8) >> 8
  const parameters: i32 = load<u8>(proto, PROTO_PARAMETERS)
  const extra = (distance >> 3) - 2 - parameters
  const wanted = fieldC(pc) - 1
  if (wanted < 0) {
    store<u32>(G_PC, u32(pc))
    if (!makeRoom(registerA(pc, base), extra + 2)) return load<u32>(G_NEXT_PC)
  }
  deliver(registerA(pc, base), wanted, base - usize(distance) + (usize(parameters) << 3), extra)
  return pc + 8
}

export function opClosure(pc: usize, base: usize): usize {
  const proto = usize(fieldD(pc))
  const count: i32 = load<u8>(proto, PROTO_UPVALUES)
  if (count > FEW_UPVALUES && !hasRoomFor(count << 5)) return outOfMemory(pc)
  const closure = newObject(CLOSURE_UPVALUES + (count << 2), KIND_CLOSURE)
  store<u16>(closure, u16(count), CLOSURE_COUNT)
  store<u32>(closure, u32(proto), CLOSURE_PROTO)
  const outer = objectAt(base - 16)
  let description = section(proto, PROTO_UPVALUE_OFFSET)
  for (let i: i32 = 0; i < count; i++) {
    const index: usize = load<u8>(description, 1)
    const upvalue: usize = load<u8>(description)
      ? findUpvalue(base + (index << 3))
      : usize(load<u32>(outer + (index << 2), CLOSURE_UPVALUES))
    store<u32>(closure + (usize(i) << 2), u32(upvalue), CLOSURE_UPVALUES)
    description += 8
  }
  store<i64>(registerA(pc, base), tagged(T_CLOSURE, closure))
  return safePoint(pc + 8)
}

/** Calls __close of the variable in `slot`, above `end`; the instruction at `pc` is executed again. */
function closeVariable(pc: usize, slot: usize, end: usize): usize {
  closeUpvalues(slot)
  const v = load<i64>(slot)
  forgetToClose()
  const base: usize = load<u32>(G_BASE)
  store<i64>(end, metamethodOf(v, EVENT_CLOSE))
  store<i64>(end + 16, v)
  store<i64>(end + 24, V_NIL)
  const next = later(link(pc, FRAME_AGAIN, i32(end + 16 - base)), end, 2)
  if (next == STATIC_OVERFLOW) rememberToClose() // the instruction comes again
  return next
}

export function opClose(pc: usize, base: usize): usize {
  const ra = registerA(pc, base)
  store<u32>(G_PC, u32(pc))
  const slot = lastToClose(ra)
  if (slot) return closeVariable(pc, slot, frameEnd(base))
  closeUpvalues(ra)
  return pc + 8
}

export function opTbc(pc: usize, base: usize): usize {
  store<u32>(G_PC, u32(pc))
  const marked = markToClose(registerA(pc, base))
  if (marked < 0) return load<u32>(G_NEXT_PC)
  return marked ? outOfMemory(pc) : pc + 8
}
