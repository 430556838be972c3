// The name by which the function of a level was called, found in the instruction that called it.
import {
  CLOSURE_PROTO,
  EVENT_ADD,
  EVENT_BNOT,
  EVENT_CLOSE,
  EVENT_CONCAT,
  EVENT_EQ,
  EVENT_GC,
  EVENT_INDEX,
  EVENT_LE,
  EVENT_LEN,
  EVENT_LT,
  EVENT_NEWINDEX,
  EVENT_UNM,
  FRAME_FINALIZER,
  FRAME_HOOK,
  G_BASE,
  G_LEVEL_BASE,
  G_LEVEL_PC,
  G_LEVEL_SLOT,
  LINK_TAILED,
  MSG_NAME_HOOK,
  OP_ADD,
  OP_BNOT,
  OP_CALL,
  OP_CLOSE,
  OP_CONCAT,
  OP_GETTABUP,
  OP_JEQ,
  OP_JLE,
  OP_JLT,
  OP_JLTI,
  OP_JNE,
  OP_JNGEI,
  OP_JNLE,
  OP_JNLT,
  OP_LEN,
  OP_RETURN,
  OP_SELF,
  OP_SHRI,
  OP_TAILCALL,
  OP_TFORCALL,
  OP_UNM,
  STATIC_HANDLER,
  T_CLOSURE,
  T_EMPTY,
} from '../generated/layout'
import { plainOp } from './arith'
import { constantString, operandName, wordIndex } from './debug-info'
import { callerOf, functionSlot } from './frames'
import { builtinSlot, calledAt } from './levels'
import { isLibrary, messageText } from './message'
import { eventName } from './metatable'
import { bytesOf, intern, lengthOf } from './string'
import { low, objectAt, tagAt } from './value'

/** Kinds of names beyond those of operands. */
const KIND_METAMETHOD: i32 = 8
const KIND_HOOK: i32 = 9

/**
 * The name of the level: an entry of the caller's operand names (index | kind << 24), or an event | KIND_METAMETHOD <<
 * 24, or KIND_HOOK << 24; 0 if there is none.
 */
export function levelName(): i32 {
  const base: usize = load<u32>(G_LEVEL_BASE)
  if (load<u32>(G_LEVEL_SLOT)) return nameFromCode(base, load<u32>(G_LEVEL_PC))
  const link = load<i32>(functionSlot(base) + 8)
  const kind = link & 255
  if (kind == FRAME_HOOK) return KIND_HOOK << 24
  if (link & LINK_TAILED) return 0
  if (!isHandler(base)) return nameFromCode(callerOf(base), calledAt(base))
  const caller = naming(base)
  const failed = calledAt(callerOf(base))
  return builtinSlot(caller, failed) ? 0 : nameFromCode(caller, failed)
}

/** Is the frame at `base` that of a message handler? It goes by the name of what the failed instruction calls. */
function isHandler(base: usize): bool {
  return calledAt(base) == usize(STATIC_HANDLER)
}

/** Base of the frame whose instruction gives the function of the frame at `base` its name. */
function naming(base: usize): usize {
  return isHandler(base) ? callerOf(callerOf(base)) : callerOf(base)
}

/** The text of a name of the level that `levelName` has given. */
export function nameOfLevel(name: i32): usize {
  const kind = name >>> 24
  if (kind == KIND_METAMETHOD) {
    const event = eventName(name & 0xffffff)
    const skipped = underscores(name & 0xffffff)
    return intern(bytesOf(event) + usize(skipped), lengthOf(event) - skipped)
  }
  if (kind == KIND_HOOK) return low(messageText(MSG_NAME_HOOK))
  const base: usize = load<u32>(G_LEVEL_BASE)
  const caller = load<u32>(G_LEVEL_SLOT) ? base : naming(base)
  return constantString(load<u32>(objectAt(caller - 16), CLOSURE_PROTO), name)
}

/** Bytes of an event's name that messages leave out: the reference shows that of finalizers whole. */
export function underscores(event: i32): i32 {
  return event == EVENT_GC ? 0 : 2
}

/** Does the frame at `base` call a finalizer? */
function isFinalizing(base: usize): bool {
  return tagAt(base - 16) == T_EMPTY && load<u8>(base - 8) == FRAME_FINALIZER
}

/** The event of the metamethods that the instruction at `pc` of a script calls; -1: none. */
export function eventAt(pc: usize): i32 {
  const base: usize = load<u32>(G_BASE)
  if (isFinalizing(base)) return EVENT_GC
  if (tagAt(base - 16) != T_CLOSURE || isLibrary(load<u32>(objectAt(base - 16), CLOSURE_PROTO))) return -1
  return eventOf(load<u8>(pc))
}

/** What the instruction at `pc`, in the frame at `base`, calls. */
function nameFromCode(base: usize, pc: usize): i32 {
  if (isFinalizing(base)) return EVENT_GC | (KIND_METAMETHOD << 24)
  if (tagAt(base - 16) != T_CLOSURE) return 0
  const proto: usize = load<u32>(objectAt(base - 16), CLOSURE_PROTO)
  if (isLibrary(proto)) return 0
  const op: i32 = load<u8>(pc)
  if (op == OP_CALL || op == OP_TAILCALL || op == OP_TFORCALL)
    return operandName(proto, wordIndex(proto, pc), 0)
  const event = eventOf(op)
  return event < 0 ? 0 : event | (KIND_METAMETHOD << 24)
}

/** The event of the metamethods that an instruction calls; -1: it calls none. */
function eventOf(op: i32): i32 {
  if (op >= OP_ADD && op <= OP_SHRI) return EVENT_ADD + plainOp(op) - OP_ADD
  // GETTABUP SETTABUP GETFIELD SETFIELD GETTABLE SETTABLE GETI SETI SELF
  if (op >= OP_GETTABUP && op <= OP_SELF) return (op - OP_GETTABUP) & 1 ? EVENT_NEWINDEX : EVENT_INDEX
  if (op == OP_UNM) return EVENT_UNM
  if (op == OP_BNOT) return EVENT_BNOT
  if (op == OP_LEN) return EVENT_LEN
  if (op == OP_CONCAT) return EVENT_CONCAT
  if (op == OP_CLOSE || op == OP_RETURN) return EVENT_CLOSE
  return op >= OP_JEQ && op <= OP_JNGEI ? comparison(op) : -1
}

function comparison(op: i32): i32 {
  if (op == OP_JEQ || op == OP_JNE) return EVENT_EQ
  if (op == OP_JLT || op == OP_JNLT) return EVENT_LT
  if (op == OP_JLE || op == OP_JNLE) return EVENT_LE
  // JLTI JNLTI JLEI JNLEI JGTI JNGTI JGEI JNGEI
  return ((op - OP_JLTI) & 2) != 0 ? EVENT_LE : EVENT_LT
}
