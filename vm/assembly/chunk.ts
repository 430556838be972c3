// Loading a chunk (docs/design/vm.md): constants become values, protos are copied, and the indices in
// their instructions are replaced by addresses. Chunks come from the compiler through the driver only.
import {
  CHUNK_CONSTANTS,
  CHUNK_COUNT,
  CHUNK_PROTO_LIST,
  CHUNK_PROTOS,
  CHUNK_SOURCE,
  CHUNKFORMAT_MAGIC,
  CHUNKFORMAT_VERSION,
  KIND_CHUNK,
  KIND_PROTO,
  OP_CLOSURE,
  OP_GETFIELD,
  OP_GETTABUP,
  OP_JEQK,
  OP_JNEK,
  OP_LOADK,
  OP_SELF,
  OP_SETFIELD,
  OP_SETTABUP,
  PROTO_CHUNK,
  PROTO_CODE,
  PROTO_PARAMETERS,
  PROTO_WORDS,
  TABLE_GRAY,
  V_FALSE,
  V_NIL,
  V_TRUE,
} from '../generated/layout'
import { copyBytes, free, hasRoom, tryObject, tryRaw } from './memory'
import { stringWord, tryString } from './string'
import { integer, low } from './value'

/** Byte count of a chunk's header. */
const HEADER: usize = 20

/** The main proto of the chunk at an address; 0 if there is no room, 1 if it is no chunk of this version. */
export function loadChunk(at: usize): usize {
  if (load<i32>(at) != CHUNKFORMAT_MAGIC || load<i32>(at, 4) != CHUNKFORMAT_VERSION) return 1
  const constants = load<i32>(at, 8)
  const protos = load<i32>(at, 12)
  const list = tryRaw(8 + (protos << 2))
  if (!list) return 0
  const chunk = tryObject(CHUNK_CONSTANTS + (constants << 3), KIND_CHUNK)
  if (!chunk) {
    free(list)
    return 0
  }
  for (let i: i32 = 0; i < constants; i++) store<i64>(chunk + (usize(i) << 3), V_NIL, CHUNK_CONSTANTS)
  store<i32>(chunk, constants, CHUNK_COUNT)
  store<i32>(chunk, 0, CHUNK_PROTOS)
  store<u32>(chunk, u32(list + 8), CHUNK_PROTO_LIST)
  const code = loadConstants(chunk, at + HEADER)
  if (!code) return 0
  store<u32>(chunk, u32(low(constantOf(chunk, load<i32>(at, 16)))), CHUNK_SOURCE)
  return loadProtos(chunk, code, protos)
}

function constantOf(chunk: usize, index: i32): i64 {
  return load<i64>(chunk + (usize(index) << 3), CHUNK_CONSTANTS)
}

/** Reads the constants; returns the address behind them, 0 if there is no room. */
function loadConstants(chunk: usize, from: usize): usize {
  const count = load<i32>(chunk, CHUNK_COUNT)
  let at = from
  for (let i: i32 = 0; i < count; i++) {
    let v: i64
    if (!hasRoom()) return 0
    if (load<u8>(at) == 1) {
      v = integer(load<i64>(at, 1))
      at += 9
    } else {
      const length = load<i32>(at, 1)
      const s = tryString(at + 5, length)
      if (!s) return 0
      v = stringWord(s)
      at += 5 + usize(length)
    }
    store<i64>(chunk + (usize(i) << 3), v, CHUNK_CONSTANTS)
  }
  return at
}

/** Copies the protos; returns the last one, the main function's. */
function loadProtos(chunk: usize, from: usize, count: i32): usize {
  const list: usize = load<u32>(chunk, CHUNK_PROTO_LIST)
  let at = from
  let proto: usize = 0
  for (let i: i32 = 0; i < count; i++) {
    const size = load<i32>(at)
    proto = tryObject(PROTO_PARAMETERS + size, KIND_PROTO)
    if (!proto) return 0
    copyBytes(proto + PROTO_PARAMETERS, at + 4, size)
    store<u32>(proto, u32(chunk), PROTO_CHUNK)
    store<u32>(proto, 0, TABLE_GRAY)
    relocate(proto, chunk, list)
    store<u32>(list + (usize(i) << 2), u32(proto))
    store<i32>(chunk, i + 1, CHUNK_PROTOS)
    at += 4 + usize(size)
  }
  return proto
}

/** Has the instruction a string constant in D? */
function takesString(op: i32): bool {
  return op == OP_GETTABUP || op == OP_SETTABUP || op == OP_GETFIELD || op == OP_SETFIELD || op == OP_SELF
}

/** Replaces indices by addresses and values in the instructions of a proto. */
function relocate(proto: usize, chunk: usize, list: usize): void {
  let at = proto + PROTO_CODE
  const end = at + (usize(load<i32>(proto, PROTO_WORDS)) << 3)
  for (; at < end; at += 8) {
    const op: i32 = load<u8>(at)
    const d = load<i32>(at, 4)
    if (takesString(op)) store<u32>(at, u32(low(constantOf(chunk, d))), 4)
    else if (op == OP_LOADK) store<u32>(at, u32(chunk + CHUNK_CONSTANTS + (usize(d) << 3)), 4)
    else if (op == OP_CLOSURE) store<u32>(at, load<u32>(list + (usize(d) << 2)), 4)
    else if (op == OP_JEQK || op == OP_JNEK) {
      at += 8
      store<i64>(at, literal(chunk, load<i32>(at), load<i32>(at, 4)))
    }
  }
}

/** Value of a literal word: 0 nil, 1 false, 2 true, 3 a constant. */
function literal(chunk: usize, kind: i32, index: i32): i64 {
  if (kind == 0) return V_NIL
  if (kind == 1) return V_FALSE
  if (kind == 2) return V_TRUE
  return constantOf(chunk, index)
}
