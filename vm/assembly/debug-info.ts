// What a proto knows about its source: lines, and the names of operands for error messages.
import {
  CHUNK_CONSTANTS,
  CHUNK_SOURCE,
  PROTO_CHUNK,
  PROTO_CODE,
  PROTO_FIRST_LINE,
  PROTO_LINE_OFFSET,
  PROTO_LOCAL_OFFSET,
  PROTO_NAME_OFFSET,
  PROTO_PARAMETERS,
  PROTO_UPVALUE_OFFSET,
} from '../generated/layout'
import { payForSteps } from './fuel'
import { low } from './value'

/** Start of a section of the proto's body; the offset field says where. */
export function section(proto: usize, field: i32): usize {
  return proto + PROTO_PARAMETERS + usize(load<u32>(proto + usize(field)))
}

/** Index of the word at a code address. */
export function wordIndex(proto: usize, pc: usize): i32 {
  return i32((pc - proto - PROTO_CODE) >> 3)
}

/** Source line of a word. */
export function lineAt(proto: usize, word: i32): i32 {
  let line = load<i32>(proto, PROTO_FIRST_LINE)
  let at = section(proto, PROTO_LINE_OFFSET)
  const end = section(proto, PROTO_NAME_OFFSET)
  payForSteps(word)
  for (let i: i32 = 0; i <= word && at < end; i++) {
    const d: i32 = load<i8>(at)
    if (d == -128) {
      line += load<i32>(at, 1)
      at += 5
    } else {
      line += d
      at++
    }
  }
  return line
}

/** Entry (name | kind << 24) for an operand of the instruction at a word; 0 if it has no name. */
export function operandName(proto: usize, word: i32, operand: i32): i32 {
  const key = word | (operand << 24)
  let at = section(proto, PROTO_NAME_OFFSET)
  const end = section(proto, PROTO_LOCAL_OFFSET)
  for (; at < end; at += 8) if (load<i32>(at) == key) return load<i32>(at, 4)
  return 0
}

/** Name of upvalue `n` of a proto, counted from 0. */
export function upvalueName(proto: usize, n: i32): usize {
  return constantString(proto, load<i32>(section(proto, PROTO_UPVALUE_OFFSET) + (usize(n) << 3), 4))
}

/** A string constant of the proto's chunk. */
export function constantString(proto: usize, index: i32): usize {
  const chunk: usize = load<u32>(proto, PROTO_CHUNK)
  return low(load<i64>(chunk + (usize(index & 0xffffff) << 3), CHUNK_CONSTANTS))
}

/** Name of the source as it was given (`@file`, `=name`, or text). */
export function sourceOf(proto: usize): usize {
  return load<u32>(usize(load<u32>(proto, PROTO_CHUNK)), CHUNK_SOURCE)
}
