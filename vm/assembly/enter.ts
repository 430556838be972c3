// The one way into the VM: commands of the driver (COMMAND in src/isa/layout.ts). The driver pushes
// values on the current coroutine's stack, calls, and reads results there; see docs/design/vm.md.
import {
  CMD_ALLOC,
  CMD_BLOCK,
  CMD_CALL,
  CMD_COLLECT,
  CMD_GET,
  CMD_INIT,
  CMD_LOAD,
  CMD_NAME,
  CMD_RAISE,
  CMD_RELEASE,
  CMD_RESET,
  CMD_RESUME,
  CMD_RUN,
  CMD_SET,
  CMD_STRING,
  CMD_TABLE,
  CLOSURE_COUNT,
  CLOSURE_PROTO,
  CLOSURE_UPVALUES,
  G_ARGS,
  G_AT,
  G_BASE,
  G_BUDGET,
  G_CALL_FUEL,
  G_FUEL,
  G_GLOBALS,
  G_GRACE,
  G_MATCH_ACTIVE,
  G_NEXT_PC,
  G_PC,
  G_REASON,
  G_SLICE,
  G_STACK_END,
  G_TOP,
  KIND_CLOSURE,
  LIMIT_SHORT_STRING,
  MEM_EVENT_NAMES,
  MEM_MAILBOX,
  MEM_TYPE_NAMES,
  STATIC_HALT,
  T_CLOSURE,
} from '../generated/layout'
import { run } from '../generated/dispatch'
import { loadChunk } from './chunk'

import { growStack, returnValues, setStackEnd } from './frames'
import { collect, makeReserve, safePoint } from './gc'
import { init, toBottom } from './init'
import { newLentBlock } from './lib/data'
import { free, newObject, tryRaw } from './memory'
import { raise } from './raise'
import { bytesOf, intern, stringWord, tryLongString } from './string'
import { get, getString, newTable, reserve, set } from './table'
import { objectAt, tableWord, tagged } from './value'
import { closeUpvalues, closedUpvalue } from './upvalue'
import { bottomBase } from './unwind'

/** Pushes a value; false if there is no room. */
function push(v: i64): bool {
  let top: usize = load<u32>(G_TOP)
  if (top + 128 > usize(load<u32>(G_STACK_END))) {
    const moved = growStack(top, 64)
    if (moved == 1) return false
    store<i32>(G_BASE, load<i32>(G_BASE) + moved)
    store<i32>(G_ARGS, load<i32>(G_ARGS) + moved)
    setStackEnd()
    top += usize(moved)
  }
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
  run()
  return load<i32>(G_REASON)
}

/**
 * Calls the global with this name (0: the value in R[0]) with `count` arguments from R[2] on, in the empty
 * main coroutine, and runs the first slice. Why it stopped.
 */
function call(name: usize, count: i32): i32 {
  const base: usize = load<u32>(G_BASE)
  if (name) store<i64>(base, getString(load<u32>(G_GLOBALS), name))
  store<u32>(G_TOP, u32(base + 16 + (usize(count) << 3)))
  store<i32>(G_GRACE, 0)
  store<i64>(G_FUEL, 0)
  store<i64>(G_BUDGET, load<i64>(G_CALL_FUEL))
  store<u32>(G_PC, STATIC_HALT)
  store<u32>(G_AT, u32(safePoint(STATIC_HALT)))
  return runSlice()
}

function resume(count: i32): i32 {
  const from = usize(load<u32>(G_TOP)) - (usize(count) << 3)
  store<u32>(G_AT, u32(returnValues(load<u32>(G_ARGS), from, count)))
  return 1
}

function raiseTop(): i32 {
  const top = usize(load<u32>(G_TOP)) - 8
  store<u32>(G_TOP, u32(top))
  raise(load<i64>(top))
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

/** Abandons whatever runs: upvalues of the main stack are closed, the stack is empty. */
function reset(): i32 {
  toBottom()
  closeUpvalues(bottomBase())
  store<i32>(G_MATCH_ACTIVE, 0)
  return 1
}

/** Executes a command; what `a`, `b` and the result mean is said at COMMAND in src/isa/layout.ts. */
export function enter(command: i32, a: i32, b: i32): i32 {
  if (command >= CMD_STRING && !makeReserve()) return 0
  switch (command) {
    case CMD_INIT:
      init(a, b)
      return 1
    case CMD_RUN:
      return runSlice()
    case CMD_CALL:
      return call(usize(a), b)
    case CMD_RESUME:
      return resume(a)
    case CMD_RAISE:
      return raiseTop()
    case CMD_STRING:
      return pushString(a)
    case CMD_TABLE:
      return pushTable(a, b)
    case CMD_SET:
      return setTop()
    case CMD_GET:
      return getTop()
    case CMD_LOAD:
      return pushChunk(usize(a))
    case CMD_ALLOC:
      return i32(tryRaw(a + 8))
    case CMD_RELEASE:
      free(usize(a))
      return 1
    case CMD_COLLECT:
      collect()
      return 1
    case CMD_BLOCK:
      return push(newLentBlock(usize(a), b)) ? 1 : 0
    case CMD_NAME:
      return nameTop(a, b)
    case CMD_RESET:
      return reset()
    default:
      return -1
  }
}
