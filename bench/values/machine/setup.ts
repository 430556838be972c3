// @ts-nocheck: AssemblyScript, compiled by bench/values/build.mjs, not by tsc
// What the runner builds a program's objects with.
import { allocate, BASE, FREE_LISTS, GLOBALS, HEAP, HEAP_TOP, INDEX_NAME, PC, STACK_END } from './memory'
import { insertString, META, newTable } from './table'
import { SLOT, setInt, setTagged, T_CLOSURE, T_TABLE } from './value'

const STACK_SLOTS: i32 = 4096

export const SLOT_BYTES: i32 = i32(SLOT)

/** An empty machine whose code is of so many bytes. Returns the address where the code goes. */
export function reset(codeBytes: i32): usize {
  for (let i: usize = 0; i < 32; i++) store<u32>(FREE_LISTS + (i << 2), 0)
  store<u32>(HEAP_TOP, u32(HEAP))
  const code = allocate(codeBytes + 8) + 8
  store<u32>(INDEX_NAME, u32(newString(0x1234567)))
  store<u32>(GLOBALS, u32(newTable(16)))
  const stack = allocate(STACK_SLOTS * i32(SLOT))
  store<u32>(BASE, u32(stack + 2 * SLOT))
  store<u32>(STACK_END, u32(stack + usize(STACK_SLOTS) * SLOT))
  return code
}

export function start(code: usize): void {
  store<u32>(PC, u32(code))
}

/** An interned string stands for its hash: the machine never looks at its bytes. */
export function newString(hash: i32): usize {
  const s = allocate(24)
  store<i32>(s, hash, 8)
  return s
}

export function newClosure(parameters: i32, frame: i32, code: usize): usize {
  const proto = allocate(16)
  store<u8>(proto, u8(parameters), 8)
  store<u8>(proto, u8(frame), 9)
  store<u32>(proto, u32(code), 12)
  const closure = allocate(16)
  store<u32>(closure, u32(proto), 8)
  return closure
}

export function newTableObject(nodes: i32): usize {
  return newTable(nodes)
}

export function setMeta(t: usize, meta: usize): void {
  store<u32>(t, u32(meta), META)
}

/** t[key] := an integer (kind 0), a closure (1) or a table (2); t = 0 is the globals, key = 0 is __index. */
export function put(t: usize, key: usize, kind: i32, value: i64): void {
  const at = insertString(t ? t : load<u32>(GLOBALS), key ? key : load<u32>(INDEX_NAME))
  if (kind == 0) setInt(at, value)
  else setTagged(at, kind == 1 ? T_CLOSURE : T_TABLE, usize(value))
}
