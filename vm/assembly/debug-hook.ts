// Hooks of debug.sethook. While a coroutine has one, the dispatcher gets no fuel, so that it asks before each instruction
// (fuelSpent), which then goes by way of the instruction HOOK: it calls the hook if an event is due, or has the
// instruction executed alone. What is not hooked pays nothing for it. The hook runs in a frame of its own, with fuel as
// usual, above all that is in use; below it lies the end of the open list (see finalizeNext).
//
// A hook is a native object whose values are the function, flags, the count and what is left of it, and the
// instruction executed last.
import {
  CLOSURE_PROTO,
  FRAME_HOOK,
  G_BASE,
  G_BUDGET,
  G_FUEL,
  G_GC_PC,
  G_HOOK,
  G_HOOK_COUNT,
  G_HOOK_FIRST,
  G_HOOK_STEPS,
  G_PC,
  G_THREAD,
  G_TOP,
  KIND_NATIVE,
  LINK_CALLED,
  LINK_TAILED,
  MEM_HEAP,
  MSG_HOOK_CALL,
  NATIVE_COUNT,
  NATIVE_ID,
  NATIVE_VALUES,
  OP_FORLOOP,
  OP_JMP,
  OP_RETURN,
  OP_RETURN0,
  OP_RETURN1,
  OP_TAILCALL,
  OP_VARARGPREP,
  PROTO_FRAME,
  PROTO_PARAMETERS,
  PROTO_VARARG,
  STATIC_HOOK,
  STATIC_OVERFLOW,
  T_CLOSURE,
  THREAD_BASE,
  THREAD_HOOK,
  THREAD_HOOKING,
  THREAD_PC,
  THREAD_STACK,
  V_NIL,
} from '../generated/layout'
import { lineAt, wordIndex } from './debug-info'
import { fieldB, registerA } from './decode'
import { callerOf, functionSlot, later, link, makeRoom } from './frames'
import { firstUnused } from './gc-final'
import { builtinSlot } from './levels'
import { newObject } from './memory'
import { isLibrary, messageText } from './message'
import { touch } from './table'
import { high, low, objectAt, tagAt } from './value'

/** Which events a hook wants: bits of its flags. */
export const CALLS: i32 = 1
export const RETURNS: i32 = 2
export const LINES: i32 = 4
export const COUNTS: i32 = 8
/** Which events have been dealt with before the instruction that comes next: further bits. */
const DONE_ENTRY: i32 = 16
const DONE_COUNT: i32 = 32
const DONE_LINE: i32 = 64
const DONE_LEAVE: i32 = 128
const DONE: i32 = DONE_ENTRY | DONE_COUNT | DONE_LINE | DONE_LEAVE
/** Events, by the numbers of their names. */
const EVENT_CALL: i32 = 0
const EVENT_RETURN: i32 = 1
const EVENT_LINE: i32 = 2
const EVENT_COUNT: i32 = 3
const EVENT_TAIL: i32 = 4
const EVENT_CALLED: i32 = 5 // a call of a library function
const NONE: i32 = -1

const FUNCTION: usize = NATIVE_VALUES
const FLAGS: usize = NATIVE_VALUES + 8
const LEFT: usize = NATIVE_VALUES + 16
const COUNT: usize = NATIVE_VALUES + 20
const LAST: usize = NATIVE_VALUES + 24
const BYTES: i32 = NATIVE_VALUES + 32
/** Slots for what lies below a hook's registers, and for arguments. */
const FRAME_SLOTS: i32 = 16
/** Slots for a hook that is no Lua function. */
const OTHER_SLOTS: i32 = 300

/** The function of a hook, and what it was set for. */
export function hookFunction(hook: usize): i64 {
  return load<i64>(hook, FUNCTION)
}

export function hookEvents(hook: usize): i32 {
  return load<i32>(hook, FLAGS) & (CALLS | RETURNS | LINES | COUNTS)
}

export function hookCount(hook: usize): i32 {
  return load<i32>(hook, COUNT)
}

/** Sets the hook of a coroutine; no events: takes it away. */
export function setHook(thread: usize, f: i64, events: i32, count: i32): void {
  let hook: usize = 0
  if (events) {
    hook = newObject(BYTES, KIND_NATIVE)
    store<u16>(hook, 4, NATIVE_COUNT)
    store<i32>(hook, 0, NATIVE_ID)
    store<i64>(hook, f, FUNCTION)
    store<i64>(hook, i64(events), FLAGS)
    store<i32>(hook, count, LEFT)
    store<i32>(hook, count, COUNT)
    const isCurrent = thread == usize(load<u32>(G_THREAD))
    store<u32>(hook, isCurrent ? load<u32>(G_PC) : load<u32>(thread, THREAD_PC), LAST)
    const base = isCurrent
      ? load<i32>(G_BASE) - load<i32>(thread, THREAD_STACK)
      : load<i32>(thread, THREAD_BASE)
    store<i32>(hook, base, LAST + 4)
  }
  store<u32>(thread, u32(hook), THREAD_HOOK)
  touch(thread)
  if (thread == usize(load<u32>(G_THREAD))) useHook()
}

/** The hook of the current coroutine, unless it is running, takes effect with the next instruction. */
export function useHook(): void {
  const thread: usize = load<u32>(G_THREAD)
  const hook: u32 = load<i32>(thread, THREAD_HOOKING) ? 0 : load<u32>(thread, THREAD_HOOK)
  store<u32>(G_HOOK, hook)
  if (hook) takeFuel()
}

/** The slice's fuel goes back to the budget: instructions are executed one by one, fewer of them at a stretch. */
export function takeFuel(): void {
  const fuel = load<i64>(G_FUEL)
  if (fuel <= 0) return
  store<i32>(G_HOOK_STEPS, i32(fuel >> 2) + 1)
  store<i64>(G_BUDGET, load<i64>(G_BUDGET) + fuel)
  store<i64>(G_FUEL, 0)
}

/** Pays for the instruction at `pc` by itself; false if the slice or the budget doesn't allow it. */
export function payStep(pc: usize): bool {
  const left = load<i64>(G_BUDGET) + load<i64>(G_FUEL)
  const steps = load<i32>(G_HOOK_STEPS)
  if (left <= 0 || steps <= 0) return false
  store<i32>(G_HOOK_STEPS, steps - 1)
  store<i64>(G_BUDGET, left - 1)
  store<i64>(G_FUEL, 0)
  if (pc >= usize(MEM_HEAP)) store<u32>(G_GC_PC, u32(pc)) // the fixed instructions have no events
  return true
}

/** The instruction HOOK: before the instruction at G_GC_PC. */
export function hookStep(): usize {
  const pc: usize = load<u32>(G_GC_PC)
  const hook: usize = load<u32>(G_HOOK)
  if (!hook) return pc
  takeFuel()
  const before = load<i64>(hook, FLAGS)
  const left = load<i32>(hook, LEFT)
  const event = tagAt(usize(load<u32>(G_BASE)) - 16) == T_CLOSURE ? nextEvent(hook, pc) : NONE
  if (event != NONE) {
    store<u32>(G_PC, u32(pc))
    if (makeRoom(firstUnused(), slotsOf(load<i64>(hook, FUNCTION)))) return callHook(hook, pc, event)
    // the event comes again when there is room, or an error is raised
    store<i64>(hook, before, FLAGS)
    store<i32>(hook, left, LEFT)
    return STATIC_OVERFLOW
  }
  store<i32>(hook, load<i32>(hook, FLAGS) & ~DONE, FLAGS)
  store<u32>(hook, u32(pc), LAST)
  store<i32>(hook, load<i32>(G_BASE) - load<i32>(load<u32>(G_THREAD), THREAD_STACK), LAST + 4)
  store<i64>(G_FUEL, 1)
  return pc
}

/** Slots that there must be for a hook's frame: it can't begin a second time. */
function slotsOf(f: i64): i32 {
  if (high(f) != T_CLOSURE) return FRAME_SLOTS + OTHER_SLOTS
  return FRAME_SLOTS + i32(load<u8>(load<u32>(low(f), CLOSURE_PROTO), PROTO_FRAME))
}

/** The next event before the instruction at `pc` that has not been dealt with; NONE if there is none. */
function nextEvent(hook: usize, pc: usize): i32 {
  const base: usize = load<u32>(G_BASE)
  const proto: usize = load<u32>(objectAt(base - 16), CLOSURE_PROTO)
  const flags = load<i32>(hook, FLAGS)
  const last: usize = load<u32>(hook, LAST)
  const op: i32 = load<u8>(pc)
  const isSameFrame = load<i32>(hook, LAST + 4) == i32(base) - load<i32>(load<u32>(G_THREAD), THREAD_STACK)
  // executed once more, for want of stack or memory
  if ((flags & DONE) == 0 && isSameFrame && last == pc && op != OP_JMP && op != OP_FORLOOP) return NONE
  if (op == OP_VARARGPREP) return NONE // the function begins behind it
  const word = wordIndex(proto, pc)
  const before = isSameFrame ? wordIndex(proto, last) : -1
  const isNew = !isSameFrame || before < 0 || before > 0xffffff || load<u8>(last) == OP_TAILCALL
  const isEntry = isNew && word == i32(load<u8>(proto, PROTO_VARARG))
  const isLua = !isLibrary(proto)
  if (!isLua && isCalledByLibrary(base)) return NONE
  if (isEntry && isDue(hook, DONE_ENTRY, CALLS)) return entry(base, proto)
  if (isLua && isDue(hook, DONE_COUNT, COUNTS) && countDown(hook)) return EVENT_COUNT
  if (isLua && isDue(hook, DONE_LINE, LINES)) {
    if (isEntry || isOnNewLine(proto, word, isNew ? word - 1 : before)) return EVENT_LINE
  }
  if (isDue(hook, DONE_LEAVE, CALLS | RETURNS)) return leaving(isLua ? flags : flags & ~CALLS, base, pc)
  return NONE
}

/** Functions of the library look as if they were in C: what they call is nobody's business. */
function isCalledByLibrary(base: usize): bool {
  const caller = callerOf(base)
  return tagAt(caller - 16) == T_CLOSURE && isLibrary(load<u32>(objectAt(caller - 16), CLOSURE_PROTO))
}

/** Is this to be considered now? It won't be a second time before the same instruction. */
function isDue(hook: usize, done: i32, wanted: i32): bool {
  const flags = load<i32>(hook, FLAGS)
  if (flags & done) return false
  store<i32>(hook, flags | done, FLAGS)
  return (flags & wanted) != 0
}

function entry(base: usize, proto: usize): i32 {
  store<i32>(G_HOOK_FIRST, 1)
  store<i32>(G_HOOK_COUNT, load<u8>(proto, PROTO_PARAMETERS))
  return load<i32>(functionSlot(base) + 8) & LINK_TAILED ? EVENT_TAIL : EVENT_CALL
}

function countDown(hook: usize): bool {
  const left = load<i32>(hook, LEFT) - 1
  store<i32>(hook, left > 0 ? left : load<i32>(hook, COUNT), LEFT)
  return left <= 0
}

/** Has the line changed since the word executed before, or has the function jumped back? */
function isOnNewLine(proto: usize, word: i32, before: i32): bool {
  return word <= before || lineAt(proto, word) != lineAt(proto, before)
}

/** A call of a library function, or the end of the function. */
function leaving(flags: i32, base: usize, pc: usize): i32 {
  const op: i32 = load<u8>(pc)
  const slot = flags & CALLS ? builtinSlot(base, pc) : 0
  if (slot) {
    store<i32>(G_HOOK_FIRST, 1)
    const b = fieldB(pc)
    store<i32>(G_HOOK_COUNT, b ? b - 1 : i32(usize(load<u32>(G_TOP)) - slot - 16) >> 3)
    return EVENT_CALLED
  }
  if (!(flags & RETURNS) || (op != OP_RETURN && op != OP_RETURN0 && op != OP_RETURN1)) return NONE
  const ra = registerA(pc, base)
  store<i32>(G_HOOK_FIRST, i32(load<u8>(pc, 1)) + 1)
  const b = fieldB(pc)
  if (op == OP_RETURN) store<i32>(G_HOOK_COUNT, b ? b - 1 : i32(usize(load<u32>(G_TOP)) - ra) >> 3)
  else store<i32>(G_HOOK_COUNT, op == OP_RETURN1 ? 1 : 0)
  return EVENT_RETURN
}

/** Calls the hook with the event's name and, for a new line, its number. */
function callHook(hook: usize, pc: usize, event: i32): usize {
  const thread: usize = load<u32>(G_THREAD)
  const base: usize = load<u32>(G_BASE)
  const at = firstUnused()
  const own = at + 24
  store<i64>(at, i64(load<u32>(G_TOP)) - i64(own))
  store<i64>(own - 16, load<i64>(hook, FUNCTION))
  store<i64>(own, messageText(MSG_HOOK_CALL + (event == EVENT_CALLED ? EVENT_CALL : event)))
  store<i64>(own + 8, V_NIL)
  if (event == EVENT_LINE) {
    const proto: usize = load<u32>(objectAt(base - 16), CLOSURE_PROTO)
    store<i64>(own + 8, i64(lineAt(proto, wordIndex(proto, pc))))
  }
  store<u32>(G_HOOK, 0)
  store<i32>(thread, 1, THREAD_HOOKING)
  giveFuel()
  const kind = event == EVENT_CALLED ? FRAME_HOOK | LINK_CALLED : FRAME_HOOK
  return later(link(pc, kind, i32(own - base)), own - 16, 2)
}

/** As much fuel as there are steps left in the slice. */
function giveFuel(): void {
  const budget = load<i64>(G_BUDGET)
  const steps = i64(load<i32>(G_HOOK_STEPS))
  const fuel = steps < budget ? steps : budget
  store<i64>(G_FUEL, fuel)
  store<i64>(G_BUDGET, budget - fuel)
}

/** The hook whose frame was at `base` has ended; G_BASE is set. Returns where to go on. */
export function afterHook(base: usize, pc: usize): usize {
  const thread: usize = load<u32>(G_THREAD)
  store<i32>(G_TOP, i32(base) + load<i32>(base - 24))
  store<i32>(thread, 0, THREAD_HOOKING)
  store<u32>(G_HOOK, load<u32>(thread, THREAD_HOOK))
  store<u32>(G_GC_PC, u32(pc))
  return STATIC_HOOK
}
