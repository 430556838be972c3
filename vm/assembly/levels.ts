// Levels of a coroutine's stack, as the debug library counts them: 0 is what runs, each next one its caller. Frames are
// levels, except those of unwinding; so are library functions that a CALL is executing, which have no frame. The
// level under consideration lies in the globals G_LEVEL_*.
import {
  FRAME_AGAIN,
  FRAME_HOOK,
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
  OP_CALL,
  OP_TAILCALL,
  OP_TFORCALL,
  STATIC_CLOSING,
  T_BUILTIN,
  T_EMPTY,
  T_HOST,
  T_NATIVE,
  THREAD_BASE,
  THREAD_PC,
  THREAD_STACK,
  THREAD_TOP,
} from '../generated/layout'
import { callerOf, functionSlot } from './frames'
import { bottomOf, catcherIn } from './unwind'
import { tagAt } from './value'

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
  return kind == FRAME_AGAIN || kind == FRAME_HOOK || tagAt(slot) == T_EMPTY ? next : next - 8
}

function set(base: usize, pc: usize, slot: usize, limit: usize): bool {
  store<u32>(G_LEVEL_BASE, u32(base))
  store<u32>(G_LEVEL_PC, u32(pc))
  store<u32>(G_LEVEL_SLOT, u32(slot))
  store<u32>(G_LEVEL_LIMIT, u32(limit))
  return slot != 0 || base > bottomOf(load<u32>(G_LEVEL_THREAD))
}

/** Goes to level 0 of a coroutine; false if nothing runs in it. */
export function firstLevel(thread: usize): bool {
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

/** Goes to the caller; false if there is none. */
export function nextLevel(): bool {
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
    else above = builtinSlot(base, pc)
  }
  return set(base, pc, above, slot)
}

/** Goes to a level ≥ 0 of a coroutine; false if it has no such level. */
export function goToLevel(thread: usize, level: i64): bool {
  if (level < 0 || !firstLevel(thread)) return false
  for (let left = level; left > 0; left--) if (!nextLevel()) return false
  return true
}

/** Slot of the function of the level. */
export function levelFunction(): usize {
  const slot: usize = load<u32>(G_LEVEL_SLOT)
  return slot ? slot : functionSlot(load<u32>(G_LEVEL_BASE))
}
