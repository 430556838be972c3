// The one way into the VM: commands of the driver (COMMAND in src/isa/layout.ts). The driver pushes
// values on the current coroutine's stack, calls, and reads results there; see docs/design/vm.md.

import { run } from '../generated/dispatch'
import {
  CLOSURE_COUNT,
  CLOSURE_PROTO,
  CLOSURE_UPVALUES,
  CMD_ALLOC,
  CMD_BLOCK,
  CMD_CALL,
  CMD_COLLECT,
  CMD_EXPIRE,
  CMD_FINALIZE,
  CMD_GET,
  CMD_HOOK,
  CMD_HOOK_ANSWER,
  CMD_HOOK_END,
  CMD_HOOK_REFUSE,
  CMD_HOOK_REQUEST,
  CMD_HOOK_TEXT,
  CMD_INIT,
  CMD_INTEGER,
  CMD_LOAD,
  CMD_LOG,
  CMD_NAME,
  CMD_PACKET,
  CMD_PACKET_DIRTY,
  CMD_RAISE,
  CMD_RELEASE,
  CMD_RESET,
  CMD_RESUME,
  CMD_ROOM,
  CMD_RUN,
  CMD_SET,
  CMD_STRING,
  CMD_TABLE,
  CONTROL_ADDRESS,
  G_ARGS,
  G_AT,
  G_BASE,
  G_BUDGET,
  G_CALL_FUEL,
  G_ERRORS,
  G_EXPIRED,
  G_FUEL,
  G_GC_FINALIZE,
  G_GC_PC,
  G_GLOBALS,
  G_GRACE,
  G_HOOK,
  G_MAIN,
  G_MATCH_ACTIVE,
  G_NESTED,
  G_NEXT_PC,
  G_PC,
  G_REASON,
  G_SLICE,
  G_THREAD,
  G_TOP,
  HOOK_FUEL_LIMIT,
  HOOK_FUNCTION,
  HOOKARGUMENTS_ADDRESS,
  KIND_CLOSURE,
  LIMIT_HOOK_SLICE,
  LIMIT_SHORT_STRING,
  MEM_CONTROL,
  MEM_EVENT_NAMES,
  MEM_MAILBOX,
  MEM_TYPE_NAMES,
  MSG_NO_MEMORY,
  STATIC_HALT,
  STATUS_DEAD,
  STATUS_RUNNING,
  STOP_DONE,
  STOP_MEMORY,
  T_CLOSURE,
  THREAD_HOOKING,
  THREAD_RESUMER,
  THREAD_STATUS,
  THREAD_TBC_COUNT,
  V_NIL,
} from '../generated/layout'
import { loadChunk } from './chunk'

import { takeFuel, useHook } from './debug-hook'
import { reserveSlots, returnValues } from './frames'
import { expire } from './fuel'
import { collectAside, safePoint } from './gc'
import { finalizeNext, separateAll } from './gc-final'
import { hookEnd, hookRefuse, hookRequest, takeIntegers } from './hook'
import { init, toBottom } from './init'
import { newLentBlock } from './lib/data'
import { logOutput } from './log'
import { free, hasRoom, newObject, tryRaw } from './memory'
import { lendPacket } from './packet'
import { nextDirty } from './packet-window'
import { raise, raiseMessage } from './raise'
import { bytesOf, intern, stringWord, tryLongString, tryString } from './string'
import { get, getString, newTable, reserve, set } from './table'
import { bottomBase } from './unwind'
import { closedUpvalue, closeUpvalues } from './upvalue'
import { integer, objectAt, tableWord, tagged } from './value'

export { dissect } from './dissect'
export { matches, matchRules } from './match-rules'

/** Bytes of an address of IPv6. */
const ADDRESS_BYTES: i32 = 16

/** Room for `slots` values and some more on the stack; 0 if there is none. */
function stackRoom(slots: i32): i32 {
  return reserveSlots(load<u32>(G_TOP), slots + 16) ? 1 : 0
}

/** Pushes a value; false if there is no room. */
function push(v: i64): bool {
  if (!stackRoom(1)) return false
  const top: usize = load<u32>(G_TOP)
  store<i64>(top, v)
  store<u32>(G_TOP, u32(top + 8))
  return true
}

/** Runs a slice of G_SLICE instructions, or what is left of the call's budget. Why it stopped. */
function runSlice(): i32 {
  const left = load<i64>(G_FUEL)
  const budget = load<i64>(G_BUDGET)
  let more = i64(load<i32>(G_SLICE)) - left // what was overdrawn is paid first
  if (more < 0) more = 0
  if (more > budget) more = budget
  store<i64>(G_FUEL, left + more)
  store<i64>(G_BUDGET, budget - more)
  if (load<u32>(G_HOOK)) takeFuel()
  run()
  return load<i32>(G_REASON)
}

/**
 * Calls the global with this name (0: the value in R[0]) with `count` arguments from R[2] on, in the empty
 * main coroutine, and runs the first slice. Why it stopped.
 */
function call(name: usize, count: i32, fuel: i64): i32 {
  const base: usize = load<u32>(G_BASE)
  if (name) store<i64>(base, getString(load<u32>(G_GLOBALS), name))
  store<u32>(G_TOP, u32(base + 16 + (usize(count) << 3)))
  store<i32>(G_GRACE, 0)
  store<i32>(G_EXPIRED, 0)
  store<i32>(G_GC_FINALIZE, 0)
  store<i32>(G_ERRORS, 0)
  store<i64>(G_FUEL, 0)
  store<i64>(G_BUDGET, fuel)
  store<u32>(G_PC, STATIC_HALT)
  store<u32>(G_AT, u32(safePoint(STATIC_HALT)))
  return runSlice()
}

/** Pushes what a function gets that a hook calls with the packet in a slot. How many values; -1: no room. */
function pushPacket(hook: usize, slot: usize): i32 {
  const f = getString(load<u32>(G_GLOBALS), load<u32>(hook, HOOK_FUNCTION))
  if (hasRoom()) return lendPacket(slot, usize(load<u32>(G_BASE)) + 16, f)
  collectAside()
  return -1
}

/** Pushes `given` integers of the control block, of which the first may be an address. How many; -1: no room. */
function pushArguments(given: i32): i32 {
  const at: usize = usize(load<u32>(G_BASE)) + 16
  const count = given & (HOOKARGUMENTS_ADDRESS - 1)
  takeIntegers(at, count)
  if (given == count) return count
  if (!hasRoom()) {
    collectAside()
    return -1
  }
  store<i64>(at, stringWord(intern(usize(load<u32>(MEM_CONTROL)) + CONTROL_ADDRESS, ADDRESS_BYTES)))
  return count
}

/**
 * Calls the function of a hook and runs the first slice: with `given` integers of the control block, or with `~given`
 * values from R[2] on, or (CMD_PACKET) with the packet in the slot `given`. Without memory for that the call doesn't
 * take place: STOP_MEMORY.
 */
function callHook(command: i32, hook: usize, given: i32): i32 {
  let count = ~given
  if (command == CMD_PACKET || given >= 0) {
    toBottom()
    count = command == CMD_PACKET ? pushPacket(hook, usize(given)) : pushArguments(given)
  }
  const fuel = load<i64>(hook, HOOK_FUEL_LIMIT)
  store<i32>(G_SLICE, LIMIT_HOOK_SLICE)
  if (count >= 0) return call(load<u32>(hook, HOOK_FUNCTION), count, fuel)
  store<i32>(G_EXPIRED, 0)
  store<i64>(G_FUEL, 0)
  store<i64>(G_BUDGET, fuel)
  store<i32>(G_REASON, STOP_MEMORY)
  return STOP_MEMORY
}

/** Ends a call of a hook; the verdict. */
function endHook(hook: usize, nanoseconds: i32): i32 {
  const verdict = hookEnd(hook, nanoseconds)
  if (load<i32>(G_REASON) != STOP_DONE) reset()
  return verdict
}

/** Deals with a request in a call of a hook. -1: RUN goes on; else the registered function to be served. */
function serveHook(): i32 {
  const request = hookRequest()
  if (request != -2) return request
  resume(0)
  return -1
}

/** Delivers `count` integers of the control block as results. */
function answerHook(count: i32): i32 {
  const top: usize = load<u32>(G_TOP)
  takeIntegers(top, count)
  store<u32>(G_TOP, u32(top + (usize(count) << 3)))
  return resume(count)
}

/** Delivers the text of `length` bytes in the mailbox as the result; nil if it is negative. */
function answerText(length: i32): i32 {
  const top: usize = load<u32>(G_TOP)
  if (length >= 0) {
    const s = tryString(MEM_MAILBOX, length)
    if (!s) return raiseText(-1)
    store<i64>(top, stringWord(s))
  } else store<i64>(top, V_NIL)
  store<u32>(G_TOP, u32(top + 8))
  return resume(1)
}

function resume(count: i32): i32 {
  const from = usize(load<u32>(G_TOP)) - (usize(count) << 3)
  store<u32>(G_AT, u32(returnValues(load<u32>(G_ARGS), from, count)))
  return 1
}

/** Raises the text of `length` bytes in the mailbox; -1: for want of memory. */
function raiseText(length: i32): i32 {
  if (length < 0) {
    raiseMessage(MSG_NO_MEMORY, V_NIL, V_NIL)
    store<u32>(G_AT, load<u32>(G_NEXT_PC))
    return 1
  }
  const s = tryString(MEM_MAILBOX, length)
  const text = s ? s : intern(MEM_MAILBOX, length < LIMIT_SHORT_STRING ? length : LIMIT_SHORT_STRING)
  raise(stringWord(text))
  store<u32>(G_AT, load<u32>(G_NEXT_PC))
  return 1
}

/** Pushes the string of `length` bytes in the mailbox, or room for a long one. The bytes' address; 0: no room. */
function pushString(length: i32): i32 {
  const s = length <= LIMIT_SHORT_STRING ? intern(MEM_MAILBOX, length) : tryLongString(length)
  return s && push(stringWord(s)) ? i32(bytesOf(s)) : 0
}

function pushTable(array: i32, fields: i32): i32 {
  const t = newTable()
  return reserve(t, array, fields) && push(tableWord(t)) ? 1 : 0
}

/** t[k] = v for the three values on top; pops k and v. */
function setTop(): i32 {
  const top: usize = load<u32>(G_TOP)
  if (!set(objectAt(top - 24), load<i64>(top - 16), load<i64>(top - 8))) return 0
  store<u32>(G_TOP, u32(top - 16))
  return 1
}

function getTop(): i32 {
  const top: usize = load<u32>(G_TOP)
  store<i64>(top - 16, get(objectAt(top - 16), load<i64>(top - 8)))
  store<u32>(G_TOP, u32(top - 8))
  return 1
}

/** Pushes the chunk's main function with the globals as _ENV. 0: no room, 2: another version. */
function pushChunk(at: usize): i32 {
  const proto = loadChunk(at)
  if (proto <= 1) return proto ? 2 : 0
  const closure = newObject(CLOSURE_UPVALUES + 4, KIND_CLOSURE)
  store<u16>(closure, 1, CLOSURE_COUNT)
  store<u32>(closure, u32(proto), CLOSURE_PROTO)
  store<u32>(closure, u32(closedUpvalue(tableWord(load<u32>(G_GLOBALS)))), CLOSURE_UPVALUES)
  return push(tagged(T_CLOSURE, closure)) ? 1 : 0
}

/** Takes the string on top as the name of an event (0), type (1); pops it. */
function nameTop(what: i32, index: i32): i32 {
  const top = usize(load<u32>(G_TOP)) - 8
  store<u32>(G_TOP, u32(top))
  store<u32>(usize((what ? MEM_TYPE_NAMES : MEM_EVENT_NAMES) + (index << 2)), u32(objectAt(top)))
  return 1
}

/**
 * Abandons whatever runs: coroutines on the way are dead, upvalues of the main stack are closed, nothing is
 * left to be closed in it, and it is empty.
 */
function reset(): i32 {
  let thread: usize = load<u32>(G_THREAD)
  while (thread != usize(load<u32>(G_MAIN))) {
    const resumer: usize = load<u32>(thread, THREAD_RESUMER)
    store<u16>(thread, u16(STATUS_DEAD), THREAD_STATUS)
    store<u32>(thread, 0, THREAD_RESUMER)
    store<u32>(thread, 0, THREAD_TBC_COUNT)
    thread = resumer
  }
  store<u16>(thread, u16(STATUS_RUNNING), THREAD_STATUS)
  store<u32>(thread, 0, THREAD_TBC_COUNT)
  store<i32>(thread, 0, THREAD_HOOKING)
  store<i32>(G_NESTED, 0)
  store<i32>(G_GC_FINALIZE, 0)
  toBottom()
  useHook()
  closeUpvalues(bottomBase())
  store<i32>(G_MATCH_ACTIVE, 0)
  return 1
}

/** Prepares the calls of all finalizers, after which the VM stops. 0: there are none. */
function finalizeAll(): i32 {
  reset()
  if (!separateAll()) return 0
  store<i32>(G_GRACE, 0)
  store<i64>(G_FUEL, 0)
  store<i64>(G_BUDGET, load<i64>(G_CALL_FUEL))
  store<u32>(G_GC_PC, STATIC_HALT + 8)
  store<u32>(G_AT, u32(finalizeNext()))
  return 1
}

/** Executes a command that makes values; 0 if there is no room for them now: collect, and try again. */
function make(command: i32, a: i32, b: i32): i32 {
  if (!hasRoom()) return 0
  switch (command) {
    case CMD_STRING:
      return pushString(a)
    case CMD_TABLE:
      return pushTable(a, b)
    case CMD_INTEGER:
      return push(integer((i64(b) << 32) | i64(u32(a)))) ? 1 : 0
    case CMD_SET:
      return setTop()
    case CMD_LOAD:
      return pushChunk(usize(a))
    case CMD_ROOM:
      return stackRoom(a)
    case CMD_BLOCK:
      return push(newLentBlock(usize(a), b)) ? 1 : 0
    default:
      return -1
  }
}

/** Executes a command; what `a`, `b` and the result mean is said at COMMAND in src/isa/layout.ts. */
export function enter(command: i32, a: i32, b: i32): i32 {
  switch (command) {
    case CMD_INIT:
      init(a, b)
      return 1
    case CMD_RUN:
      return runSlice()
    case CMD_CALL:
      return call(usize(a), b, load<i64>(G_CALL_FUEL))
    case CMD_HOOK:
    case CMD_PACKET:
      return callHook(command, usize(a), b)
    case CMD_PACKET_DIRTY:
      return nextDirty()
    case CMD_HOOK_REQUEST:
      return serveHook()
    case CMD_HOOK_REFUSE:
      hookRefuse()
      return 1
    case CMD_HOOK_ANSWER:
      return answerHook(a)
    case CMD_HOOK_TEXT:
      return answerText(a)
    case CMD_HOOK_END:
      return endHook(usize(a), b)
    case CMD_EXPIRE:
      expire()
      return 1
    case CMD_LOG:
      logOutput(usize(a), b)
      return 1
    case CMD_RESUME:
      return resume(a)
    case CMD_RAISE:
      return raiseText(a)
    case CMD_GET:
      return getTop()
    case CMD_ALLOC:
      return i32(tryRaw(a + 8))
    case CMD_RELEASE:
      free(usize(a))
      return 1
    case CMD_COLLECT:
      return collectAside() ? 1 : 0
    case CMD_FINALIZE:
      return finalizeAll()
    case CMD_NAME:
      return nameTop(a, b)
    case CMD_RESET:
      return reset()
    default:
      return make(command, a, b)
  }
}
