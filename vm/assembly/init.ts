// A fresh state: globals, fixed code, the main coroutine, the registry, the interned-string table.
import { BUILTIN_COUNT } from '../generated/builtins'
import {
  BLOCKHEADER_SIZE,
  G_BASE,
  G_END,
  G_FUEL,
  G_GC_DEBT,
  G_GC_PAUSE,
  G_GC_STEP,
  G_GC_STEPMUL,
  G_GLOBALS,
  G_HANDLER,
  G_HEAP_TOP,
  G_LIMIT,
  G_MAIN,
  G_REGISTRY,
  G_SEED,
  G_SHARED,
  G_STACK_SLOTS,
  G_STRTAB,
  G_STRTAB_MASK,
  G_STRTAB_SPLIT,
  G_THREAD,
  G_TOP,
  LIMIT_STACK_SLOTS,
  MEM_DUMMY_NODE,
  MEM_GLOBALS,
  MEM_HEAP,
  NODE_KEY,
  NODE_NEXT,
  OP_CALL,
  OP_COEND,
  OP_COLLECT,
  OP_FINALIZE,
  OP_HALT,
  OP_HOOK,
  OP_INVOKE,
  OP_PCALLEND,
  OP_RETRY,
  OP_STOP,
  OP_THROW,
  OP_UNWIND,
  STATIC_CLOSING,
  STATIC_COEND,
  STATIC_COLLECT,
  STATIC_FINALIZE,
  STATIC_HALT,
  STATIC_HANDLER,
  STATIC_HOOK,
  STATIC_INVOKE,
  STATIC_OVERFLOW,
  STATIC_PCALL,
  STATIC_RAISE,
  STATIC_RETRY,
  STATIC_STOP,
  STATIC_THROW,
  STATIC_XPCALL,
  STATUS_RUNNING,
  THREAD_STACK,
  THREAD_STATUS,
  V_NIL,
} from '../generated/layout'
import { tryThread } from './coroutine'
import { setStackEnd } from './frames'
import { tryRaw } from './memory'
import { newTable, reserve } from './table'

/** Buckets of the first table of interned strings. */
const FIRST_BUCKETS: i32 = 256

/** CALL a b c, and the instruction behind it. */
function fixedCode(at: i32, a: i32, b: i32, c: i32, then: i32): void {
  store<i64>(usize(at), i64(OP_CALL | (a << 8) | (b << 16) | (c << 24)))
  store<i64>(usize(at + 8), i64(then))
}

function writeFixedCode(): void {
  fixedCode(STATIC_HALT, 0, 0, 0, OP_HALT)
  fixedCode(STATIC_COEND, 0, 0, 0, OP_COEND)
  fixedCode(STATIC_PCALL, 0, 0, 0, OP_PCALLEND)
  fixedCode(STATIC_XPCALL, 1, 0, 0, OP_PCALLEND)
  fixedCode(STATIC_CLOSING, 1, 3, 1, OP_UNWIND)
  fixedCode(STATIC_HANDLER, 1, 2, 2, OP_UNWIND | (1 << 8))
  store<i64>(STATIC_STOP, i64(OP_STOP))
  store<i64>(STATIC_THROW, i64(OP_THROW))
  store<i64>(STATIC_RAISE, i64(OP_THROW | (1 << 8)))
  store<i64>(STATIC_COLLECT, i64(OP_COLLECT))
  store<i64>(STATIC_RETRY, i64(OP_RETRY))
  store<i64>(STATIC_OVERFLOW, i64(OP_RETRY | (1 << 8)))
  store<i64>(STATIC_INVOKE, i64(OP_INVOKE))
  store<i64>(STATIC_FINALIZE, i64(OP_FINALIZE))
  store<i64>(STATIC_HOOK, i64(OP_HOOK))
}

/** Makes an empty state in memory of `limit` bytes. */
export function init(limit: i32, seed: i32): void {
  for (let at: usize = MEM_GLOBALS; at < usize(G_END); at += 8) store<i64>(at, 0)
  store<i32>(G_LIMIT, limit)
  store<i32>(G_HEAP_TOP, MEM_HEAP)
  store<i32>(G_SEED, seed)
  store<i32>(G_STACK_SLOTS, LIMIT_STACK_SLOTS)
  store<i32>(G_GC_PAUSE, 200)
  store<i32>(G_GC_STEPMUL, 100)
  store<i32>(G_GC_STEP, 8192)
  store<i32>(G_GC_DEBT, -16384)
  store<i64>(G_HANDLER, V_NIL)
  store<i64>(G_FUEL, 0)
  store<i64>(MEM_DUMMY_NODE, V_NIL)
  store<i64>(MEM_DUMMY_NODE + NODE_KEY, V_NIL)
  store<i64>(MEM_DUMMY_NODE + NODE_NEXT, 0)
  writeFixedCode()
  const table = tryRaw(8 + (FIRST_BUCKETS << 2))
  for (let i: i32 = 8; i < load<i32>(table, BLOCKHEADER_SIZE); i += 4) store<u32>(table + usize(i), 0)
  store<u32>(G_STRTAB, u32(table))
  store<i32>(G_STRTAB_MASK, FIRST_BUCKETS - 1)
  store<i32>(G_STRTAB_SPLIT, FIRST_BUCKETS >> 1)
  const thread = tryThread()
  store<u16>(thread, u16(STATUS_RUNNING), THREAD_STATUS)
  store<u32>(G_MAIN, u32(thread))
  store<u32>(G_THREAD, u32(thread))
  store<u32>(G_REGISTRY, u32(newTable()))
  reserve(load<u32>(G_REGISTRY), BUILTIN_COUNT, 0)
  store<u32>(G_SHARED, u32(newTable()))
  store<u32>(G_GLOBALS, u32(newTable()))
  toBottom()
}

/** The main coroutine's stack becomes empty. */
export function toBottom(): void {
  const main: usize = load<u32>(G_MAIN)
  store<u32>(G_THREAD, u32(main))
  const bottom = usize(load<u32>(main, THREAD_STACK)) + 24
  store<u32>(G_BASE, u32(bottom))
  store<u32>(G_TOP, u32(bottom))
  setStackEnd()
}
