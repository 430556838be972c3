// Levels of a coroutine's stack, as the debug library counts them: 0 is what runs, each next one its caller. Frames are
// levels, except those of unwinding; so are library functions that a CALL is executing, which have no frame. What a
// library function written in Lua calls for itself is a part of it, and no level. The level under consideration lies in
// the globals G_LEVEL_*.
import { BUILTIN_COUNT, BUILTIN_PATTERN_GSUBNEXT } from '../generated/builtins'
import {
  CLOSURE_COUNT,
  CLOSURE_PROTO,
  CLOSURE_UPVALUES,
  FRAME_AGAIN,
  FRAME_CALL,
  FRAME_FINALIZER,
  FRAME_HOOK,
  FRAME_TAIL,
  G_ARGS,
  G_BASE,
  G_LEVEL_BASE,
  G_LEVEL_HOOKED,
  G_LEVEL_LIMIT,
  G_LEVEL_PC,
  G_LEVEL_SLOT,
  G_LEVEL_THREAD,
  G_PC,
  G_THREAD,
  G_TOP,
  LINK_CALLED,
  MEM_STATIC_CODE,
  NATIVE_ID,
  OP_CALL,
  OP_TAILCALL,
  OP_TFORCALL,
  STATIC_CLOSING,
  T_BUILTIN,
  T_CLOSURE,
  T_EMPTY,
  T_HOST,
  T_NATIVE,
  THREAD_BASE,
  THREAD_PC,
  THREAD_STACK,
  THREAD_TOP,
  UPVALUE_AT,
} from '../generated/layout'
import { callerOf, functionSlot, slowVersion } from './frames'
import { payForLevels } from './fuel'
import { isLibrary } from './message'
import { bottomOf, catcherIn } from './unwind'
import { high, low, objectAt, tagAt, tagged } from './value'

/** Slot of the library function that the instruction at `pc` calls without a frame; 0 if it calls none. */
export function builtinSlot(base: usize, pc: usize): usize {
  if (pc < usize(MEM_STATIC_CODE)) return 0
  const op: i32 = load<u8>(pc)
  if (op != OP_CALL && op != OP_TAILCALL && op != OP_TFORCALL) return 0
  const slot = base + (usize(load<u8>(pc, 1)) << 3) + (op == OP_TFORCALL ? 32 : 0)
  const tag = tagAt(slot)
  return tag == T_BUILTIN || tag == T_NATIVE || tag == T_HOST ? slot : 0
}

/** Address of the instruction under way in the caller of the frame at `base`. */
export function calledAt(base: usize): usize {
  const slot = functionSlot(base)
  const kind: i32 = load<u8>(slot + 8)
  const next: usize = load<u32>(slot + 8, 4)
  if (kind == FRAME_FINALIZER) return next - 8
  return kind == FRAME_AGAIN || kind == FRAME_HOOK || tagAt(slot) == T_EMPTY ? next : next - 8
}

function set(base: usize, pc: usize, slot: usize, limit: usize): bool {
  store<u32>(G_LEVEL_BASE, u32(base))
  store<u32>(G_LEVEL_PC, u32(pc))
  store<u32>(G_LEVEL_SLOT, u32(slot))
  store<u32>(G_LEVEL_LIMIT, u32(limit))
  return slot != 0 || base > bottomOf(load<u32>(G_LEVEL_THREAD))
}

/** Number of the library function whose Lua version this is; -1 if it is none. */
export function ofSlowVersion(f: i64): i32 {
  for (let id: i32 = 0; id < BUILTIN_COUNT; id++) if (slowVersion(id) == f) return id
  return -1
}

/**
 * Is `f`, called from the frame at `base`, a part of the library function that runs there, and not what a script has
 * given to it? It is if it is an upvalue of that function.
 */
function isPart(base: usize, f: i64): bool {
  if (tagAt(base - 16) != T_CLOSURE) return false
  const closure = objectAt(base - 16)
  if (!isLibrary(load<u32>(closure, CLOSURE_PROTO))) return false
  if (high(f) == T_NATIVE) return load<i32>(low(f), NATIVE_ID) == BUILTIN_PATTERN_GSUBNEXT
  const id = high(f) == T_CLOSURE ? ofSlowVersion(f) : -1
  const called = id < 0 ? f : tagged(T_BUILTIN, usize(id))
  const count = usize(load<u16>(closure, CLOSURE_COUNT))
  for (let i: usize = 0; i < count; i++) {
    const upvalue: usize = load<u32>(closure + (i << 2), CLOSURE_UPVALUES)
    if (load<i64>(load<u32>(upvalue, UPVALUE_AT)) == called) return true
  }
  return false
}

/** Is `f`, called by the protected call in the frame at `base`, a part of the library function that makes this call? */
function isProtectedPart(base: usize, f: i64): bool {
  if (high(f) != T_CLOSURE || !isLibrary(load<u32>(low(f), CLOSURE_PROTO))) return false
  return base > bottomOf(load<u32>(G_LEVEL_THREAD)) && isPart(callerOf(base), load<i64>(base - 16))
}

/** Is what is under consideration a part of its caller? */
function isHidden(): bool {
  const base: usize = load<u32>(G_LEVEL_BASE)
  const called: usize = load<u32>(G_LEVEL_SLOT)
  if (called) return isPart(base, load<i64>(called))
  const slot = functionSlot(base)
  const kind: i32 = load<u8>(slot + 8)
  if (base <= bottomOf(load<u32>(G_LEVEL_THREAD)) || (kind != FRAME_CALL && kind != FRAME_TAIL)) return false
  const caller = callerOf(base)
  const f = load<i64>(slot)
  return tagAt(caller - 16) == T_BUILTIN ? isProtectedPart(caller, f) : isPart(caller, f)
}

/** Goes on to what is no part of its caller; false: there is nothing. */
function showLevel(): bool {
  while (isHidden()) if (!goOut()) return false
  return true
}

/** Goes to the library function that runs, or to that which it is a part of: level 0 of what it raises. */
export function runningLevel(): void {
  store<u32>(G_LEVEL_THREAD, load<u32>(G_THREAD))
  store<i32>(G_LEVEL_HOOKED, 0)
  set(load<u32>(G_BASE), load<u32>(G_PC), load<u32>(G_ARGS) - 16, load<u32>(G_TOP))
  showLevel()
}

/** Goes to level 0 of a coroutine; false if nothing runs in it. */
export function firstLevel(thread: usize): bool {
  return goIn(thread) && showLevel()
}

/** Goes to the caller; false if there is none. */
export function nextLevel(): bool {
  return goOut() && showLevel()
}

/** Goes to what runs in a coroutine. */
function goIn(thread: usize): bool {
  store<u32>(G_LEVEL_THREAD, u32(thread))
  store<i32>(G_LEVEL_HOOKED, 0)
  if (thread == usize(load<u32>(G_THREAD))) {
    const base: usize = load<u32>(G_BASE)
    return set(base, load<u32>(G_PC), builtinSlot(base, load<u32>(G_PC)), load<u32>(G_TOP))
  }
  const pc: usize = load<u32>(thread, THREAD_PC)
  if (!pc) return false
  const stack: usize = load<u32>(thread, THREAD_STACK)
  const base = stack + usize(load<u32>(thread, THREAD_BASE))
  return set(base, pc, builtinSlot(base, pc), stack + usize(load<u32>(thread, THREAD_TOP)))
}

/** Goes to the caller of what is under consideration. */
function goOut(): bool {
  let base: usize = load<u32>(G_LEVEL_BASE)
  let pc: usize = load<u32>(G_LEVEL_PC)
  const called: usize = load<u32>(G_LEVEL_SLOT)
  store<i32>(G_LEVEL_HOOKED, 0)
  if (called) return set(base, pc, 0, called)
  let slot = functionSlot(base)
  let above: usize = 0
  pc = calledAt(base)
  const isHook = load<u8>(slot + 8) == FRAME_HOOK
  const isCalled = (load<i32>(slot + 8) & LINK_CALLED) != 0
  base = callerOf(base)
  if (isHook) {
    store<i32>(G_LEVEL_HOOKED, 1)
    if (isCalled) above = builtinSlot(base, pc)
  }
  const bottom = bottomOf(load<u32>(G_LEVEL_THREAD))
  while (base > bottom && tagAt(functionSlot(base)) == T_EMPTY) {
    const isClosing = pc == usize(STATIC_CLOSING)
    slot = functionSlot(base)
    pc = calledAt(base)
    base = callerOf(base)
    // what a to-be-closed variable is closed for is gone already
    if (isClosing) base = catcherIn(load<u32>(G_LEVEL_THREAD), base)
    else if (load<u8>(slot + 8) != FRAME_FINALIZER) above = builtinSlot(base, pc)
  }
  return set(base, pc, above, slot)
}

/** Goes to a level ≥ 0 of a coroutine; false if it has no such level. */
export function goToLevel(thread: usize, level: i64): bool {
  if (level < 0 || !firstLevel(thread)) return false
  let outward: i32 = 0
  while (i64(outward) < level && nextLevel()) outward++
  payForLevels(outward)
  return i64(outward) == level
}

/** Slot of the function of the level. */
export function levelFunction(): usize {
  const slot: usize = load<u32>(G_LEVEL_SLOT)
  return slot ? slot : functionSlot(load<u32>(G_LEVEL_BASE))
}
