// Raising errors. Who raises notes which message it is and what it speaks of, and goes on at the
// instruction THROW, which composes the text (compose.ts): raising neither allocates nor calls. The frame
// and G_PC stay as they are until then. Every function here returns CONTROL, so that a handler can end with
// `return raise…(…)`; the next instruction is in G_NEXT_PC.
import {
  G_ERROR,
  G_NEXT_PC,
  G_RAISE_A,
  G_RAISE_B,
  G_RAISE_FORM,
  G_RAISE_MESSAGE,
  G_RAISE_NUMBER,
  STATIC_RAISE,
  STATIC_THROW,
  V_EMPTY,
  V_NIL,
} from '../generated/layout'
import { CONTROL } from './arguments'

/** The message with its operands %1 and %2. */
export const FORM_MESSAGE: i32 = 0
/** The message with the type of A as %1, then the name of the instruction's operand with this number. */
export const FORM_OPERAND: i32 = 1
/** Two strings, or a string and another value, in the arithmetic of an event (the number). */
export const FORM_STRINGS: i32 = 2
/** bad argument #number to 'f' (message with %1) */
export const FORM_ARGUMENT: i32 = 3
/** bad argument #number to 'f' (message expected, got type of A); A is EMPTY where there is no argument */
export const FORM_TYPE: i32 = 4

/** The message with its operands, without a position. */
export const FORM_BARE: i32 = 5

/** Raises a value as it is, by way of the instruction THROW. */
export function raise(v: i64): i32 {
  store<i64>(G_ERROR, v)
  store<u32>(G_NEXT_PC, STATIC_THROW)
  return CONTROL
}

function note(form: i32, message: i32, number: i32, a: i64, b: i64): i32 {
  store<i32>(G_RAISE_FORM, form)
  store<i32>(G_RAISE_MESSAGE, message)
  store<i32>(G_RAISE_NUMBER, number)
  store<i64>(G_RAISE_A, a)
  store<i64>(G_RAISE_B, b)
  store<u32>(G_NEXT_PC, STATIC_RAISE)
  return CONTROL
}

/** Raises a message with the position of the running Lua function; operands are strings or integers. */
export function raiseMessage(message: i32, a: i64, b: i64): i32 {
  return note(FORM_MESSAGE, message, 0, a, b)
}

/** The same without a position: what the reference raises in its C functions by luaG_runerror. */
export function raiseBare(message: i32, a: i64, b: i64): i32 {
  return note(FORM_BARE, message, 0, a, b)
}

/** attempt to add a 'string' with a 'table': arithmetic on a string that is no number. */
export function raiseStringArithmetic(event: i32, a: i64, b: i64): i32 {
  return note(FORM_STRINGS, 0, event, a, b)
}

/** For raiseOperand: the value is no operand of the instruction. */
export const NO_OPERAND: i32 = -1

/** Raises `message` about a value: its type as %1, then its name in the source. */
export function raiseOperand(message: i32, v: i64, operand: i32): i32 {
  return note(FORM_OPERAND, message, operand, v, V_NIL)
}

/** bad argument #i to 'f' (message) */
export function raiseArgument(i: i32, message: i32): i32 {
  return note(FORM_ARGUMENT, message, i, V_NIL, V_NIL)
}

/** The same with an operand %1 in the message. */
export function raiseArgumentWith(i: i32, message: i32, a: i64): i32 {
  return note(FORM_ARGUMENT, message, i, a, V_NIL)
}

/** bad argument #i+1 to 'f' (number expected, got nil); `expected` is the message with the type's name. */
export function raiseArgumentType(args: usize, count: i32, i: i32, expected: i32): i32 {
  return note(FORM_TYPE, expected, i + 1, i < count ? load<i64>(args + (usize(i) << 3)) : V_EMPTY, V_NIL)
}
