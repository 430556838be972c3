// Raising errors: messages get the position of the running Lua function where the reference gives one,
// and go to the instruction THROW. Every function here returns CONTROL, so that a handler can end with
// `return raise…(…)`; the next instruction is in G_NEXT_PC.
import {
  CLOSURE_PROTO,
  G_ARGS,
  G_BASE,
  G_ERROR,
  G_ERRORS,
  G_NEXT_PC,
  G_PC,
  MSG_BAD_ARGUMENT,
  MSG_BAD_ARGUMENT_FIELD,
  MSG_CALLING_SELF,
  MSG_NAME_LOCAL,
  MSG_NO_MEMORY,
  MSG_NO_VALUE,
  MSG_STRING_ARITHMETIC,
  NATIVE_ID,
  OP_CALL,
  OP_TAILCALL,
  OP_TFORCALL,
  STATIC_THROW,
  T_BUILTIN,
  T_CLOSURE,
  T_NATIVE,
  V_NIL,
} from '../generated/layout'
import { CONTROL } from './arguments'
import { constantString, operandName, wordIndex } from './debug-info'
import {
  builtinName,
  isLibrary,
  putByte,
  putMessage,
  putPosition,
  putString,
  startMessage,
  takeMessage,
} from './message'
import { describeType, eventName } from './metatable'
import { bytesOf, intern, lengthOf, stringWord } from './string'
import { objectAt, tagAt } from './value'

/** Raises a value as it is, by way of the instruction THROW. */
export function raise(v: i64): i32 {
  store<i64>(G_ERROR, v)
  store<u32>(G_NEXT_PC, STATIC_THROW)
  return CONTROL
}

/** Raises a message with the position of the running Lua function. */
export function raiseMessage(message: i32, a: i64, b: i64): i32 {
  startMessage()
  putPosition(load<u32>(G_BASE), load<u32>(G_PC))
  putMessage(message, a, b)
  const text = takeMessage()
  if (message == MSG_NO_MEMORY) store<i32>(G_ERRORS, 1)
  return raise(stringWord(text))
}

/** attempt to add a 'string' with a 'table': arithmetic on a string that is no number. */
export function raiseStringArithmetic(event: i32, a: i64, b: i64): i32 {
  const name = eventName(event)
  startMessage()
  putPosition(load<u32>(G_BASE), load<u32>(G_PC))
  putMessage(MSG_STRING_ARITHMETIC, stringWord(internPart(name, 2, 40)), stringWord(describeType(a)))
  putString(describeType(b))
  putByte(39)
  return raise(stringWord(takeMessage()))
}

/** ` (local 'x')` and its like for an operand of the instruction at G_PC, as a string; empty if unknown. */
function operandText(operand: i32): usize {
  startMessage()
  const base: usize = load<u32>(G_BASE)
  if (tagAt(base - 16) == T_CLOSURE) {
    const proto: usize = load<u32>(objectAt(base - 16), CLOSURE_PROTO)
    const entry = isLibrary(proto) ? 0 : operandName(proto, wordIndex(proto, load<u32>(G_PC)), operand)
    if (entry) putOperand(entry >>> 24, constantString(proto, entry))
  }
  return takeMessage()
}

/** Kinds of names in debug information: see docs/design/vm.md. */
function putOperand(kind: i32, name: usize): void {
  putByte(32)
  putByte(40)
  putMessage(MSG_NAME_LOCAL + kind - 1, V_NIL, V_NIL)
  putByte(32)
  putByte(39)
  putString(name)
  putByte(39)
  putByte(41)
}

/** Raises `message` about a value: its type as %1, its name in the source as %2. */
export function raiseOperand(message: i32, v: i64, operand: i32): i32 {
  const name = operandText(operand)
  return raiseMessage(message, stringWord(describeType(v)), stringWord(name))
}

/** Entry of the name by which the running library function was called, and of nothing else; 0 if unknown. */
function callEntry(): i32 {
  const base: usize = load<u32>(G_BASE)
  if (tagAt(base - 16) != T_CLOSURE) return 0
  const op: i32 = load<u8>(usize(load<u32>(G_PC)))
  if (op != OP_CALL && op != OP_TAILCALL && op != OP_TFORCALL) return 0
  const proto: usize = load<u32>(objectAt(base - 16), CLOSURE_PROTO)
  return isLibrary(proto) ? 0 : operandName(proto, wordIndex(proto, load<u32>(G_PC)), 0)
}

/** Name of the running library function: as it was called, else its qualified name. */
function runningName(entry: i32): usize {
  if (entry) return constantString(load<u32>(objectAt(usize(load<u32>(G_BASE)) - 16), CLOSURE_PROTO), entry)
  const at: usize = usize(load<u32>(G_ARGS)) - 16
  if (tagAt(at) == T_BUILTIN) return builtinName(load<i32>(at))
  if (tagAt(at) == T_NATIVE) return builtinName(load<i32>(objectAt(at), NATIVE_ID))
  return builtinName(0)
}

/** bad argument #i to 'f' (message) */
export function raiseArgument(i: i32, message: i32): i32 {
  return raiseArgumentWith(i, message, V_NIL)
}

/** The same with an operand %1 in the message. */
export function raiseArgumentWith(i: i32, message: i32, a: i64): i32 {
  startMessage()
  putMessage(message, a, V_NIL)
  return raiseBadArgument(i, takeMessage())
}

function raiseBadArgument(i: i32, text: usize): i32 {
  let number = i
  const entry = callEntry()
  const name = runningName(entry)
  if (entry >>> 24 == 5) number-- // a method: arguments count from the object
  startMessage()
  putPosition(load<u32>(G_BASE), load<u32>(G_PC))
  if (number == 0) putMessage(MSG_CALLING_SELF, stringWord(name), V_NIL)
  else putMessage(MSG_BAD_ARGUMENT, i64(number), stringWord(name))
  putByte(32)
  putByte(40)
  putString(text)
  putByte(41)
  return raise(stringWord(takeMessage()))
}

/** bad argument #i+1 to 'f' (number expected, got nil); `expected` is the message with the type's name. */
export function raiseArgumentType(args: usize, count: i32, i: i32, expected: i32): i32 {
  startMessage()
  putMessage(expected, V_NIL, V_NIL)
  const wanted = takeMessage()
  startMessage()
  if (i >= count) putMessage(MSG_NO_VALUE, V_NIL, V_NIL)
  else putString(describeType(load<i64>(args + (usize(i) << 3))))
  const got = takeMessage()
  startMessage()
  putMessage(MSG_BAD_ARGUMENT_FIELD, stringWord(wanted), stringWord(got))
  return raiseBadArgument(i + 1, takeMessage())
}

/** An interned copy of part of a string. */
export function internPart(s: usize, from: i32, to: i32): usize {
  const end = to < lengthOf(s) ? to : lengthOf(s)
  return intern(bytesOf(s) + usize(from), end - from)
}
