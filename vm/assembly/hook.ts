// Calls of a state by a hook: what its function is called with, how its result becomes a verdict, and what is counted.
// The driver, be it the main program of a hook in the kernel or a process, holds the state's lock:
//
//     reason = HOOK(hook, arguments)
//     while the reason is FUEL or REQUEST: RUN again, after HOOK_REQUEST has dealt with the request
//     verdict = HOOK_END(hook, nanoseconds)
import {
  CONTROL_ARGUMENTS,
  CONTROL_TIME,
  G_ARGS,
  G_AT,
  G_BASE,
  G_BUDGET,
  G_ERRORS,
  G_EXPIRED,
  G_FORFEITED,
  G_FUEL,
  G_GRACE,
  G_LEASE,
  G_NEXT_PC,
  G_REASON,
  G_REGISTRY,
  G_REQUEST,
  G_REQUEST_ID,
  G_TOP,
  HOOK_CALLS,
  HOOK_ERRORS,
  HOOK_FUEL,
  HOOK_FUEL_LIMIT,
  HOOK_FUEL_SUM,
  HOOK_FUELS,
  HOOK_FUNCTION,
  HOOK_LEAST,
  HOOK_MEMORY,
  HOOK_MOST,
  HOOK_NONSENSE,
  HOOK_ON_FAILURE,
  HOOK_ON_FALSE,
  HOOK_ON_NIL,
  HOOK_ON_TRUE,
  HOOK_OVERDUE,
  HOOK_TIME_SUM,
  HOOK_TIMES,
  HOOK_VERDICTS,
  MEM_CONTROL,
  MSG_ERROR_OBJECT,
  MSG_HOOK_ARGUMENT,
  MSG_NO_COMPILER_IN_HOOK,
  MSG_NO_FILES_IN_HOOK,
  MSG_NO_FUEL,
  MSG_NO_TIME,
  MSG_NONSENSE,
  MSG_NONSENSE_NUMBER,
  MSG_NOT_IN_HOOK,
  REGISTRY_HOSTS,
  REGISTRY_MESSAGE,
  REGISTRY_TRACEBACK,
  REQUEST_COMPILE,
  REQUEST_FILE,
  REQUEST_MODULE,
  REQUEST_WRITE,
  STOP_DONE,
  STOP_MEMORY,
  T_FALSE,
  T_NIL,
  T_TABLE,
  T_TRUE,
  V_NIL,
} from '../generated/layout'
import { logError, logOutput } from './log'
import { composedAt, composedLength, putMessage, startMessage } from './message'
import { describeType } from './metatable'
import { discardWrites, endPacket } from './packet-window'
import { raiseMessage } from './raise'
import { bytesOf, lengthOf, stringWord } from './string'
import { find, get } from './table'
import { high, integer, integerOf, isInteger, isStringTag, low } from './value'

/** HOOK_ON_…: the function may not return this; no verdict. */
const NONE: i32 = -0x80000000
/** Arguments in the control block. */
const ARGUMENTS: i32 = 8

/** Writes `count` integers of the control block to `at`. */
export function takeIntegers(at: usize, count: i32): void {
  const from = usize(load<u32>(MEM_CONTROL)) + CONTROL_ARGUMENTS
  for (let i: usize = 0; i < usize(count) << 3; i += 8) store<i64>(at + i, integer(load<i64>(from + i)))
}

/** Goes on with an error at the request under way. */
function refuse(message: i32, name: i64): void {
  raiseMessage(message, name, V_NIL)
  store<u32>(G_AT, load<u32>(G_NEXT_PC))
}

/** Name of the registered function that is called. */
function hostName(): i64 {
  const names = get(load<u32>(G_REGISTRY), i64(REGISTRY_HOSTS))
  return high(names) == T_TABLE ? get(low(names), i64(load<i32>(G_REQUEST_ID) + 1)) : V_NIL
}

/** Raises that nobody serves the registered function here. */
export function hookRefuse(): void {
  refuse(MSG_NOT_IN_HOOK, hostName())
}

/**
 * Deals with a request. REQUEST_WRITE: the caller resumes without results. -1: it has been refused. Else the number of
 * the registered function, whose arguments are in the control block.
 */
export function hookRequest(): i32 {
  const request = load<i32>(G_REQUEST)
  const args: usize = load<u32>(G_ARGS)
  if (request == REQUEST_WRITE) {
    const text = low(load<i64>(args + 8))
    logOutput(bytesOf(text), lengthOf(text))
    return -2
  }
  if (request == REQUEST_COMPILE) {
    refuse(MSG_NO_COMPILER_IN_HOOK, V_NIL)
    return -1
  }
  if (request == REQUEST_FILE || request == REQUEST_MODULE) {
    refuse(MSG_NO_FILES_IN_HOOK, V_NIL)
    return -1
  }
  const to = usize(load<u32>(MEM_CONTROL)) + CONTROL_ARGUMENTS
  let at = args
  for (let i: usize = 0; i < usize(ARGUMENTS) << 3; i += 8) {
    let value: i64 = 0
    if (at < usize(load<u32>(G_TOP))) {
      const v = load<i64>(at)
      if (!isInteger(v)) {
        refuse(MSG_HOOK_ARGUMENT, hostName())
        return -1
      }
      value = integerOf(v)
      at += 8
    }
    store<i64>(to + i, value)
  }
  return load<i32>(G_REQUEST_ID)
}

function add(at: usize, n: i64): void {
  store<i64>(at, load<i64>(at) + n)
}

/** Counts a number in a histogram: four buckets for each power of two. */
function record(histogram: usize, n: i32): void {
  let bucket = n < 0 ? 0 : n
  if (bucket >= 4) {
    const msb = 31 - clz<i32>(n)
    bucket = ((msb - 1) << 2) + ((n >>> (msb - 2)) & 3)
  }
  add(histogram + (usize(bucket) << 3), 1)
}

/** A text that the message handler has left, as a string object, which is forgotten there; 0 if there is none. */
function left(key: i64): usize {
  const at = find(load<u32>(G_REGISTRY), key)
  if (!at || !isStringTag(high(load<i64>(at)))) return 0
  const text = low(load<i64>(at))
  store<i64>(at, V_NIL)
  return text
}

/** Logs the error in R[0], in words, with its traceback. */
function logFailure(v: i64): void {
  const trace = left(i64(REGISTRY_TRACEBACK))
  const words = left(i64(REGISTRY_MESSAGE))
  const text = isStringTag(high(v)) ? low(v) : words
  let at: usize = 0
  let length: i32 = 0
  if (text && load<i32>(G_GRACE) != 2) {
    at = bytesOf(text)
    length = lengthOf(text)
  } else {
    startMessage()
    if (load<i32>(G_GRACE) == 2) putMessage(load<i32>(G_EXPIRED) ? MSG_NO_TIME : MSG_NO_FUEL, V_NIL, V_NIL)
    else putMessage(MSG_ERROR_OBJECT, stringWord(describeType(v)), V_NIL)
    at = composedAt()
    length = composedLength()
  }
  logError(at, length, trace ? bytesOf(trace) : 0, trace ? lengthOf(trace) : 0)
}

/** The call has ended with an error: counts its cause. The default verdict. */
function failed(hook: usize): i32 {
  if (load<i32>(G_REASON) == STOP_MEMORY) {
    add(hook + HOOK_MEMORY, 1)
    return load<i32>(hook, HOOK_ON_FAILURE)
  }
  const spent = load<i32>(G_EXPIRED) ? HOOK_OVERDUE : HOOK_FUEL
  const cause = load<i32>(G_GRACE) != 0 ? spent : load<i32>(G_ERRORS) != 0 ? HOOK_MEMORY : HOOK_ERRORS
  add(hook + usize(cause), 1)
  logFailure(load<i64>(load<u32>(G_BASE)))
  return load<i32>(hook, HOOK_ON_FAILURE)
}

/** The function has returned what is no verdict. */
function nonsense(hook: usize, v: i64): i32 {
  add(hook + HOOK_NONSENSE, 1)
  discardWrites()
  startMessage()
  const name = stringWord(load<u32>(hook, HOOK_FUNCTION))
  if (isInteger(v)) putMessage(MSG_NONSENSE_NUMBER, v, name)
  else putMessage(MSG_NONSENSE, stringWord(describeType(v)), name)
  logError(composedAt(), composedLength(), 0, 0)
  return load<i32>(hook, HOOK_ON_FAILURE)
}

function firstResult(): i64 {
  const base: usize = load<u32>(G_BASE)
  return load<u32>(G_TOP) > u32(base) ? load<i64>(base) : V_NIL
}

/** The verdict for the first result of the function, or NONE. */
function verdictOf(hook: usize): i32 {
  const v = firstResult()
  if (isInteger(v)) {
    const n = integerOf(v)
    return n >= i64(load<i32>(hook, HOOK_LEAST)) && n <= i64(load<i32>(hook, HOOK_MOST)) ? i32(n) : NONE
  }
  const tag = high(v)
  let verdict = NONE
  if (tag == T_NIL) verdict = load<i32>(hook, HOOK_ON_NIL)
  if (tag == T_TRUE) verdict = load<i32>(hook, HOOK_ON_TRUE)
  if (tag == T_FALSE) verdict = load<i32>(hook, HOOK_ON_FALSE)
  return verdict
}

/**
 * Counts the call that has stopped for good, and logs its error. The verdict; -1 and nothing has been done: there is
 * something to log, and CONTROL_TIME isn't set. Calls that were not timed have -1 nanoseconds.
 */
export function hookEnd(hook: usize, nanoseconds: i32): i32 {
  const control: usize = load<u32>(MEM_CONTROL)
  const isDone = load<i32>(G_REASON) == STOP_DONE
  let verdict = isDone ? verdictOf(hook) : 0
  if (verdict == NONE && !load<i64>(control, CONTROL_TIME)) return -1
  let fuel = load<i64>(hook, HOOK_FUEL_LIMIT) - load<i64>(G_BUDGET) - load<i64>(G_FUEL)
  if (load<i32>(G_EXPIRED)) fuel -= load<i64>(G_FORFEITED)
  add(hook + HOOK_CALLS, 1)
  add(hook + HOOK_FUEL_SUM, fuel)
  record(hook + HOOK_FUELS, fuel > 0x7fffffff ? 0x7fffffff : i32(fuel))
  if (nanoseconds >= 0) {
    add(hook + HOOK_TIME_SUM, i64(nanoseconds))
    record(hook + HOOK_TIMES, nanoseconds)
  }
  if (!isDone) verdict = failed(hook)
  else if (verdict == NONE) verdict = nonsense(hook, firstResult())
  if (!isDone) discardWrites()
  add(hook + HOOK_VERDICTS + (usize(u32(verdict < 7 ? verdict : 7)) << 3), 1)
  store<i32>(G_LEASE, load<i32>(G_LEASE) + 1)
  endPacket()
  return verdict
}
