// The text of an error, composed by the instruction THROW from what raise.ts has noted: the position of the
// running Lua function where the reference gives one, and the message.
import {
  CLOSURE_PROTO,
  G_ARGS,
  G_BASE,
  G_ERRORS,
  G_LEVEL_BASE,
  G_LEVEL_PC,
  G_PC,
  G_RAISE_A,
  G_RAISE_B,
  G_RAISE_FORM,
  G_RAISE_MESSAGE,
  G_RAISE_NUMBER,
  MSG_BAD_ARGUMENT,
  MSG_CALL,
  MSG_CALLING_SELF,
  MSG_EXPECTED_GOT,
  MSG_METAMETHOD,
  MSG_NAME_LOCAL,
  MSG_NAME_QUOTED,
  MSG_NAME_UPVALUE,
  MSG_NO_MEMORY,
  MSG_NO_VALUE,
  MSG_STRING_ARITHMETIC,
  MSG_STRING_OPERANDS,
  NATIVE_ID,
  OP_GETTABUP,
  OP_SETTABUP,
  T_BUILTIN,
  T_CLOSURE,
  T_NATIVE,
  V_EMPTY,
  V_NIL,
} from '../generated/layout'
import { constantString, operandName, upvalueName, wordIndex } from './debug-info'
import { fieldB } from './decode'
import { eventAt, levelName, nameOfLevel, underscores } from './level-name'
import { builtinSlot, nextLevel, runningLevel } from './levels'
import {
  builtinName,
  isLibrary,
  putByte,
  putBytes,
  putMessage,
  putPosition,
  putString,
  startMessage,
  takeMessage,
} from './message'
import { describeType, eventName, typeNameOf } from './metatable'
import { FORM_ARGUMENT, FORM_BARE, FORM_MESSAGE, FORM_OPERAND, FORM_STRINGS } from './raise'
import { bytesOf, lengthOf, stringWord } from './string'
import { high, objectAt, tagAt } from './value'

/** The text of the error that has been noted, as a string word. */
export function composeError(): i64 {
  const form = load<i32>(G_RAISE_FORM)
  const message = load<i32>(G_RAISE_MESSAGE)
  const a = load<i64>(G_RAISE_A)
  startMessage()
  if (form != FORM_BARE) putWhere()
  if (form == FORM_MESSAGE || form == FORM_BARE) {
    putMessage(message, a, load<i64>(G_RAISE_B))
    if (message == MSG_NO_MEMORY) store<i32>(G_ERRORS, 1)
  } else if (form == FORM_OPERAND) {
    putMessage(message, typeName(a), V_NIL)
    const event = message == MSG_CALL ? eventAt(load<u32>(G_PC)) : -1
    if (event < 0) putOperandName(load<i32>(G_RAISE_NUMBER))
    else putMetamethod(event)
  } else if (form == FORM_STRINGS) putStrings(a, load<i64>(G_RAISE_B))
  else putBadArgument(form, message, a)
  store<i64>(G_RAISE_A, V_NIL)
  store<i64>(G_RAISE_B, V_NIL)
  return stringWord(takeMessage())
}

/** The position of the running Lua function. A library function's Lua version has none, what it calls that of a caller. */
function putWhere(): void {
  const base: usize = load<u32>(G_BASE)
  const pc: usize = load<u32>(G_PC)
  const inLibrary = tagAt(base - 16) == T_CLOSURE && isLibrary(load<u32>(objectAt(base - 16), CLOSURE_PROTO))
  if (!inLibrary || !builtinSlot(base, pc)) {
    putPosition(base, pc)
    return
  }
  runningLevel()
  if (nextLevel()) putPosition(load<u32>(G_LEVEL_BASE), load<u32>(G_LEVEL_PC))
}

function typeName(v: i64): i64 {
  return stringWord(describeType(v))
}

/** attempt to add a 'string' with a 'table' */
function putStrings(a: i64, b: i64): void {
  putMessage(MSG_STRING_ARITHMETIC, V_NIL, V_NIL)
  putEvent(load<i32>(G_RAISE_NUMBER))
  putMessage(MSG_STRING_OPERANDS, stringWord(typeNameOf(high(a))), stringWord(typeNameOf(high(b))))
}

/** ` (local 'x')` and its like for an operand of the instruction at G_PC; nothing if its name is unknown, or the number is NO_OPERAND. */
function putOperandName(operand: i32): void {
  const base: usize = load<u32>(G_BASE)
  if (operand < 0 || tagAt(base - 16) != T_CLOSURE) return
  const proto: usize = load<u32>(objectAt(base - 16), CLOSURE_PROTO)
  if (isLibrary(proto)) return
  const pc: usize = load<u32>(G_PC)
  const op: i32 = load<u8>(pc)
  if (op == OP_GETTABUP || op == OP_SETTABUP) {
    putName(MSG_NAME_UPVALUE, upvalueName(proto, fieldB(pc)))
    return
  }
  const entry = operandName(proto, wordIndex(proto, pc), operand)
  if (entry) putName(MSG_NAME_LOCAL + (entry >>> 24) - 1, constantString(proto, entry))
}

/** ` (metamethod 'add')` */
function putMetamethod(event: i32): void {
  putMessage(MSG_METAMETHOD, V_NIL, V_NIL)
  putEvent(event)
  putByte(39)
  putByte(41)
}

/** An event by its name in messages. */
function putEvent(event: i32): void {
  const name = eventName(event)
  const skipped = underscores(event)
  putBytes(bytesOf(name) + usize(skipped), lengthOf(name) - skipped)
}

/** ` (local 'x')`, where the message says which kind of name it is. */
function putName(kind: i32, name: usize): void {
  putByte(32)
  putByte(40)
  putMessage(kind, V_NIL, V_NIL)
  putMessage(MSG_NAME_QUOTED, stringWord(name), V_NIL)
}

/** bad argument #1 to 'f' (number expected, got nil), or another message in the parentheses */
function putBadArgument(form: i32, message: i32, a: i64): void {
  let number = load<i32>(G_RAISE_NUMBER)
  runningLevel()
  const entry = levelName()
  const name = stringWord(runningName(entry))
  if (entry >>> 24 == 5) number-- // a method: arguments count from the object
  if (number == 0) putMessage(MSG_CALLING_SELF, name, V_NIL)
  else putMessage(MSG_BAD_ARGUMENT, i64(number), name)
  putMessage(message, a, V_NIL)
  if (form != FORM_ARGUMENT) {
    putMessage(MSG_EXPECTED_GOT, V_NIL, V_NIL)
    if (a == V_EMPTY) putMessage(MSG_NO_VALUE, V_NIL, V_NIL)
    else putString(describeType(a))
  }
  putByte(41)
}

/** Name of the running library function: as it was called, else its qualified name. */
function runningName(entry: i32): usize {
  if (entry) return nameOfLevel(entry)
  const at: usize = usize(load<u32>(G_ARGS)) - 16
  if (tagAt(at) == T_BUILTIN) return builtinName(load<i32>(at))
  if (tagAt(at) == T_NATIVE) return builtinName(load<i32>(objectAt(at), NATIVE_ID))
  return builtinName(0)
}
