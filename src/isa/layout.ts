/**
 * The memory map of a state and the layout of every object in it: the one place that holds an offset.
 * The VM's copy, vm/generated/layout.ts, is generated from this table.
 *
 *     0x0000  ┌──────────────────────────────┐
 *             │ address 0 is nil; translated │
 *             │ code: a zero, its trap word  │
 *     0x0040  ├──────────────────────────────┤
 *             │ globals of the VM (G_*)      │
 *     0x0600  ├──────────────────────────────┤
 *             │ static code: HALT, COEND, …  │
 *     0x0700  ├──────────────────────────────┤
 *             │ metamethod and type names    │
 *     0x0800  ├──────────────────────────────┤
 *             │ pattern captures             │
 *     0x0A00  ├──────────────────────────────┤
 *             │ scratch: numbers, messages   │
 *     0x1000  ├──────────────────────────────┤
 *             │ mailbox: strings from outside│
 *     0x1800  ├──────────────────────────────┤
 *             │ frames of translated code    │
 *     0x1C00  ├──────────────────────────────┤
 *             │ heap: blocks, in address     │
 *             │ order, up to the top; then   │
 *             │ untouched memory             │
 *     limit   └──────────────────────────────┘
 */

/** High halves of words that are not integers. Order matters: falsy ≤ FALSE; collectable ≥ BIGINT. */
export const TAG = {
  NIL: -0x80000000,
  FALSE: -0x80000000 + 1,
  TRUE: -0x80000000 + 2,
  BUILTIN: -0x80000000 + 3, // payload: number of the library function
  HOST: -0x80000000 + 4, // payload: number of the function registered from outside
  LIGHT: -0x80000000 + 5, // payload: any 32 bits
  EMPTY: -0x80000000 + 6, // never seen by scripts: dead keys, consumed operands
  BIGINT: -0x80000000 + 7, // payload of this and the following: the object's address
  STRING: -0x80000000 + 8, // up to 40 bytes, interned
  LONGSTRING: -0x80000000 + 9,
  TABLE: -0x80000000 + 10,
  CLOSURE: -0x80000000 + 11,
  NATIVE: -0x80000000 + 12, // library function with values of its own
  THREAD: -0x80000000 + 13,
  BLOCK: -0x80000000 + 14, // data block
  MAX: -0x80000000 + 15,
} as const

/** Kinds of collected objects (byte 4 of every block's header). 0 is a free block, 1 a raw one. */
export const KIND = {
  FREE: 0,
  RAW: 1,
  BIGINT: 7,
  STRING: 8,
  LONGSTRING: 9,
  TABLE: 10,
  CLOSURE: 11,
  NATIVE: 12,
  THREAD: 13,
  BLOCK: 14,
  PROTO: 16,
  CHUNK: 17,
  UPVALUE: 18,
} as const

/**
 * Every block starts with 8 bytes:
 *
 *     0        4      5      6      8
 *     ┌────────┬──────┬──────┬──────┐
 *     │ size   │ kind │ mark │ misc │  size in bytes with the header, a multiple of 8, at least 16
 *     └────────┴──────┴──────┴──────┘
 */
export const BLOCK_HEADER = { SIZE: 0, KIND: 4, MARK: 5, MISC: 6, BYTES: 8 } as const

/** Marks of objects (byte 5 of the header). 0 and 1 are the two whites, of which G_GC_WHITE is that of objects made now. */
export const MARK = {
  KEYED: 2, // added to a white: a weak key whose pair has a value that waits for it
  GRAY: 4, // reached; what it refers to has not been marked, or not all of it
  BLACK: 5,
} as const

/** Where the collector is in its cycle: G_GC_PHASE; see vm/assembly/gc.ts. */
export const PHASE = { PAUSE: 0, PROPAGATE: 1, VALUES: 2, SEPARATE: 3, REVIVE: 4, KEYS: 5, SWEEP: 6 } as const

/** Bits of OBJECT.TABLE.WEAK. */
export const WEAK = {
  KEYS: 1,
  VALUES: 2,
  REGISTERED: 4, // is to be finalized
  LISTED: 8, // in G_GC_WEAK: may hold dead keys
  SEALED: 16, // may hold dead values, and looks empty
} as const

/** Why the VM stopped (the result of `enter`). */
export const STOP = { DONE: 0, ERROR: 1, FUEL: 2, YIELD: 3, REQUEST: 4, MEMORY: 5 } as const

/** What `enter` is asked to do. */
export const COMMAND = {
  INIT: 0, // (memory limit, seed): empty heap, main thread, registry
  RUN: 1, // (): go on for a slice
  CALL: 2, // (name, arguments): call the global of that name, or with 0 what is in R[0]; arguments from R[2] on; then as RUN
  RESUME: 3, // (results): deliver the values on top as the results of the pending request
  RAISE: 4, // (length): raise the text in the mailbox where the script stands; -1: not enough memory
  STRING: 5, // (length): push the string in the mailbox; longer ones: push, and return the bytes' address
  TABLE: 6, // (array size, hash size): push a table
  SET: 7, // (): t[k] = v for the three values on top; pops k and v
  LOAD: 8, // (address, length): push the main function of a chunk, without upvalues set
  ALLOC: 9, // (bytes): address of a raw block, 0 if there is no room
  RELEASE: 10, // (address): free a raw block
  COLLECT: 11, // (): a piece of a full collection; 0: there is more to do
  BLOCK: 12, // (address, bytes): push a data block over memory that is lent for the current call
  GET: 13, // (): replaces t, k on top by t[k] (raw)
  NAME: 14, // (what, index): names of the VM: metamethods, types, library functions from the top string
  INTEGER: 16, // (low, high half): push an integer
  ROOM: 18, // (slots): make room for so many values on the stack; 0 if there is none
  FINALIZE: 17, // (): prepare the calls of all finalizers; RUN then runs them. 0: there are none
  RESET: 15, // (): abandon whatever runs; the stack of the main thread becomes empty
  HOOK: 19, // (hook, arguments): call its function with the integers of CONTROL.ARGUMENTS, or (~arguments) with what lies
  // from R[2] on, and run a slice: why it stopped
  HOOK_REQUEST: 20, // (): deal with a request inside a hook. -1: done, RUN; else the number of the registered function
  HOOK_REFUSE: 21, // (): raise that nobody serves the registered function here; RUN
  HOOK_ANSWER: 22, // (results): deliver integers of CONTROL.ARGUMENTS as the results of the pending request; RUN
  HOOK_TEXT: 25, // (length): deliver the text in the mailbox as the result of the pending request, -1: nil; RUN
  EXPIRE: 28, // (): the call's time is over: takes away the fuel that it has left; RUN
  HOOK_END: 23, // (hook, nanoseconds, -1: not timed): the call has stopped for good: count it, log its error; the verdict,
  // or -1: set CONTROL.TIME and do it again
  PACKET: 26, // (hook, slot): as HOOK, with the packet in that slot
  PACKET_DIRTY: 27, // (): where the next 64 bytes of the packet are that were written, -1: there are none
  LOG: 24, // (address, length): append a text to the log
} as const

/** What the VM asks the outside for when it stops with REQUEST. */
export const REQUEST = {
  HOST: 0, // call of a registered function: number in G_REQUEST_ID, arguments in G_ARGS … G_TOP
  COMPILE: 1, // load: source text, chunk name; answered with a function, or nil and a message
  WRITE: 2, // print and warn: one string
  FILE: 3, // require: path of a file; answered with its text, or nil and why it can't be read
  MODULE: 4, // require: name of a module; answered with its main function if it comes with the driver, or nil
} as const

/** Kinds of frames, in the low byte of a link's low half; the distance in bytes is in the bits above. */
export const FRAME = {
  CALL: 0, // plain: the caller's base follows from the CALL before the return address
  VARARG: 1, // moved up by the distance; the original link lies below
  META: 2, // metamethod: the instruction before the return address finishes with the first result
  AGAIN: 3, // callee of an instruction that is executed again: results are dropped
  LOOP: 4, // iterator: results go to the loop variables
  NEGATED: 6, // __lt in place of __le: the instruction finishes with the opposite
  FINALIZER: 7, // __gc: results are dropped, the open list ends again where it did, errors end here
  TAIL: 5, // tail-called library function: its results are those of the frame below
  HOOK: 8, // hook of debug.sethook: results are dropped, the open list ends again where it did
} as const

/** Bits of a link's low half below the distance. */
export const LINK = {
  TAILED: 0x100, // the frame is that of a function that was called in tail position
  DISTANCE: -8, // mask of the distance, which is in the bits above 8
  CALLED: 0x200, // of a hook: the library function that the instruction below calls is being entered
} as const

/** One global: name and size in bytes; offsets follow from the order. */
const GLOBAL_FIELDS = [
  ['THREAD', 4], // current coroutine
  ['MAIN', 4], // main coroutine
  ['AT', 4], // where the VM goes on when it is entered again
  ['PC', 4], // instruction under way, saved before anything that may raise, call or stop
  ['BASE', 4], // base of the running frame
  ['TOP', 4], // end of the open list
  ['STACK_END', 4], // end of the current coroutine's stack, less the reserve
  ['STACK_NEED', 4], // bytes of stack that an instruction needs to be executed again
  ['NEXT_PC', 4], // where a library function that changed the frame goes on
  ['REASON', 4], // why STOP stops
  ['ERROR', 8], // what THROW raises
  ['RAISE_FORM', 4], // the message that THROW 1 composes: FORM_* in vm/assembly/raise.ts,
  ['RAISE_MESSAGE', 4], // its number in the table of messages,
  ['RAISE_NUMBER', 4], // the argument or operand that it is about,
  ['RAISE_A', 8], // values it speaks of
  ['RAISE_B', 8],
  ['GC_PC', 4], // instruction behind COLLECT, or to be executed again by RETRY
  ['CALL_AT', 4], // call that INVOKE makes: function slot,
  ['CALL_COUNT', 4], // arguments,
  ['CALL_LINK', 8], // link
  ['FUEL', 8], // instructions left in this slice; library loops charge it too and may overdraw it
  ['BUDGET', 8], // instructions left in this call beyond this slice
  ['CALL_FUEL', 8], // instructions that a call may execute
  ['SLICE', 4], // instructions per slice
  ['REQUEST', 4],
  ['REQUEST_ID', 4],
  ['ARGS', 4], // first argument of the library function or request under way
  ['SELF', 4], // the NATIVE object under way
  ['REGISTRY', 4], // table of the VM and the driver, which scripts can't reach
  ['SHARED', 4], // what debug.getregistry gives
  ['GLOBALS', 4], // table _G
  ['TYPE_META', 64], // metatables of types by tag - NIL; integers: [15]; tables have their own
  // allocator
  ['HEAP_TOP', 4], // first byte never allocated
  ['LIMIT', 4], // end of the memory
  ['RESERVE', 4], // raw block that small allocations may have once nothing else is left; 0: spent
  ['USED', 4], // bytes in blocks that are not free
  ['PEAK', 4],
  ['BINMAP', 8], // which of the small bins hold a block
  ['BINS', 65 * 4], // free blocks of 16, 24, …, 504 bytes by size / 8; [64] the larger ones
  // strings
  ['STRTAB', 4],
  ['STRTAB_MASK', 4],
  ['STRTAB_SPLIT', 4], // buckets that have been divided since the table has grown
  ['STRTAB_COUNT', 4],
  ['SEED', 4],
  // collector
  ['GC_PHASE', 4],
  ['GC_WHITE', 4], // mark of objects made now
  ['GC_GRAY', 4], // list of gray objects
  ['GC_AGAIN', 4], // gray again: touched behind the collector's back
  ['GC_WEAK', 4], // list of the weak tables seen,
  ['GC_CURSOR', 4], // that of them which is being dealt with; 0: none
  ['GC_KEYS', 4], // 1: values of weak keys have to be looked for
  ['GC_ATTEMPTS', 4], // how often marking has come to an end that was none
  ['GC_PART', 4], // large table of which a part has been visited
  ['GC_PART_AT', 4], // how many slots and nodes have been visited of it, or of the table at the cursor
  ['GC_SWEEP', 4], // address where sweeping goes on
  ['GC_DEBT', 4], // > 0: a step is due
  ['GC_PAUSE', 4], // percent of what lives that there may be before the next cycle
  ['GC_STEPMUL', 4], // percent: what a step is worth, of the bytes allocated before the next one
  ['GC_STEP', 4], // work per step, bytes
  ['GC_STOPPED', 4],
  ['GC_WHOLE', 4], // how far a whole collection has come
  ['GC_COUNT', 4], // cycles finished
  ['GC_ESTIMATE', 4],
  ['GC_FINALIZE', 4], // a finalizer runs
  ['GC_FINOBJ', 4], // raw block: objects with a __gc, and those that are to be finalized
  ['GC_STRESS', 4], // collect at every allocation (tests)
  ['GC_PENDING', 4], // objects that are to be finalized
  ['ALLOC_FAIL_AT', 4], // fail the n-th allocation that may fail (tests)
  // calls
  ['LEASE', 4], // lent blocks of another lease are dead
  ['GRACE', 4], // 1 once the call has run out of fuel or memory and lives on its grace
  ['YIELDABLE', 4], // the call from outside may yield to whoever made it
  ['ERRORS', 4], // 1 once memory has run out in this call
  ['HANDLER', 8], // message handler of the call from outside
  // pattern matching: registers of a match that has been interrupted
  ['MATCH_ACTIVE', 4],
  ['MATCH_STACK', 4], // raw block: backtrack stack
  ['MATCH_STACK_SIZE', 4],
  ['MATCH_SP', 4],
  ['MATCH_SRC', 4],
  ['MATCH_SRC_END', 4],
  ['MATCH_PAT_END', 4],
  ['MATCH_LEVEL', 4],
  ['MATCH_START', 4],
  ['MATCH_S', 4],
  ['MATCH_P', 4],
  // library
  ['NAMES', 4], // raw block: names of library functions by number
  ['MESSAGES', 4], // raw block: messages by number
  ['RANDOM', 32], // xoshiro256**
  ['STRICT', 4], // data.strict
  ['BUFFER', 4], // raw block: buffer in which library functions build strings
  ['BUFFER_SIZE', 4],
  ['BUFFER_LENGTH', 4],
  ['SORT_STACK', 4],
  ['RETRY_PC', 4], // instruction that ran out of memory and is executed again
  ['CONCAT_TOP', 4],
  ['WINDOW', 4], // raw block for bytes that are lent for a call from outside
  ['WINDOW_SIZE', 4],
  ['STAGED', 4], // raw block with a chunk that is being loaded
  ['OWED', 4], // fuel that is to be paid (vm/assembly/fuel.ts)
  ['RESERVED', 8],
  // debug: the level of a stack under consideration (vm/assembly/levels.ts)
  ['LEVEL_THREAD', 4], // its coroutine,
  ['LEVEL_BASE', 4], // frame,
  ['LEVEL_PC', 4], // instruction,
  ['LEVEL_SLOT', 4], // the library function without a frame that this is, above that frame; 0: the frame itself,
  ['LEVEL_LIMIT', 4], // end of its slots,
  ['LEVEL_HOOKED', 4], // 1 if a hook runs above it
  // hooks (vm/assembly/debug-hook.ts)
  ['HOOK', 4], // hook of the current coroutine; 0: none, or it is running
  ['HOOK_STEPS', 4], // instructions that may run one by one in this slice
  ['HOOK_FIRST', 4], // arguments or results of a call or return event: the first one's index
  ['HOOK_COUNT', 4], // and how many there are
  ['NESTED', 4], // coroutines that others have resumed or close and that have not come back
  ['STACK_SLOTS', 4], // LIMITS.STACK_SLOTS, or fewer in tests
  ['EXPIRED', 4], // 1 once the time of the call is over,
  ['FORFEITED', 8], // and the fuel that was taken away then
] as const

type GlobalName = (typeof GLOBAL_FIELDS)[number][0]

const GLOBALS_START = 0x40

function placeGlobals(): Record<GlobalName, number> & { END: number } {
  const placed: Record<string, number> = {}
  let at = GLOBALS_START
  for (const [name, size] of GLOBAL_FIELDS) {
    if (size % 8 === 0) at = (at + 7) & ~7
    placed[name] = at
    at += size
  }
  placed.END = at
  return placed as Record<GlobalName, number> & { END: number }
}

/** Addresses of the VM's globals. */
export const G = placeGlobals()

export const MEMORY = {
  GLOBALS: GLOBALS_START,
  STATIC_CODE: 0x600,
  EVENT_NAMES: 0x700, // u32 addresses of strings: metamethod names by EVENT
  TYPE_NAMES: 0x780, // u32 addresses of strings: type names by tag - NIL; integers: [15]
  DUMMY_NODE: 0x7c0, // the node of tables without nodes: key and value nil
  CAPTURES: 0x800, // 32 × (start u32, length i32)
  SCRATCH: 0xa00,
  SCRATCH_BYTES: 0x600,
  MAILBOX: 0x1000,
  MAILBOX_BYTES: 0x800,
  ZERO: 0x08, // 8 bytes that stay zero
  TRAP: 0x10, // not 0 once translated code has trapped
  MAGIC: 0x18, // of states that have a control block; here and in the following words since the first version
  LAYOUT: 0x1c, // says which layout the memory has: others can't be used
  VERSION: 0x20, // 16 bytes of text: the version of Moonring that made the state
  CONTROL: 0x30, // address of the control block; 0: none
  FRAMES: 0x1800, // values for which translated code has no register: not part of the state
  FRAMES_BYTES: 0x400,
  HEAP: 0x1c00,
  SMALLEST_LIMIT: 0x10000,
  DEFAULT_LIMIT: 0x100000,
} as const

/** Fixed code fragments: the CALL that a frame from outside seems to come from, and what follows it. */
export const STATIC = {
  HALT: 0x600, // CALL 0 0 0 ; HALT          a call from outside
  COEND: 0x610, // CALL 0 0 0 ; COEND        the main function of a coroutine
  PCALL: 0x620, // CALL 0 0 0 ; PCALLEND     pcall and xpcall
  XPCALL: 0x630, // CALL 1 0 0 ; PCALLEND
  CLOSING: 0x640, // CALL 1 3 1 ; UNWIND 0    __close while unwinding; the error stays in R[0]
  HANDLER: 0x650, // CALL 1 2 2 ; UNWIND 1    message handler; the error is its result, R[1]
  STOP: 0x660, // STOP
  THROW: 0x668, // THROW 0
  COLLECT: 0x680, // COLLECT
  RETRY: 0x688, // RETRY 0                      in vain: not enough memory
  OVERFLOW: 0x690, // RETRY 1                   the stack grows; in vain: stack overflow
  INVOKE: 0x698, // INVOKE
  FINALIZE: 0x6a0, // FINALIZE
  RAISE: 0x6a8, // THROW 1
  HOOK: 0x6b0, // HOOK                        before an instruction that is executed alone
} as const

/** Fields of objects, in bytes from the object's address (the header's first byte). */
export const OBJECT = {
  BIGINT: { VALUE: 8, BYTES: 16 },
  STRING: { LENGTH: 8, HASH: 12, NEXT: 16, DATA: 20 },
  LONGSTRING: { LENGTH: 8, HASH: 12, HASHED: 16, DATA: 20 },
  TABLE: {
    FLAGS: 6, // bit n: metamethod n is known to be absent (EVENT 0…7)
    WEAK: 7, // bits: WEAK
    GRAY: 8,
    ARRAY: 12,
    ARRAY_SIZE: 16,
    NODES: 20,
    NODE_MASK: 24, // number of nodes - 1
    META: 28,
    LAST_FREE: 32, // nodes at and above this address are not free
    LENGTH_HINT: 36, // a border found before
    BYTES: 40,
  },
  NODE: { VALUE: 0, KEY: 8, NEXT: 16, BYTES: 24 },
  CLOSURE: { COUNT: 6, GRAY: 8, PROTO: 12, UPVALUES: 16 },
  NATIVE: { COUNT: 6, GRAY: 8, ID: 12, VALUES: 16, BYTES: 48 }, // up to four values
  UPVALUE: { AT: 8, NEXT: 12, VALUE: 16, BYTES: 24 },
  THREAD: {
    STATUS: 6,
    GRAY: 8,
    STACK: 12,
    STACK_BYTES: 16,
    PC: 20,
    BASE: 24,
    TOP: 28,
    OPEN: 32, // open upvalues, highest address first
    RESUMER: 36,
    TBC: 40, // raw block: distances of the to-be-closed variables from the stack's start
    TBC_COUNT: 44,
    TBC_SIZE: 48,
    CLOSING: 52, // coroutine.close runs: protected calls inside catch nothing any more
    HOOK: 56, // the hook: a native object with HOOK_* as values; 0: none
    HOOKING: 60, // the hook runs
    ERROR: 64, // what an error has ended the coroutine with
    BYTES: 72,
  },
  // bytes [OFFSET, OFFSET + LENGTH) relative to the owner's bytes, or to ADDRESS when nobody owns them
  BLOCK: { GRAY: 8, ADDRESS: 12, LENGTH: 16, OWNER: 20, LEASE: 24, LAYOUT: 28, BYTES: 40 },
  PROTO: {
    GRAY: 8,
    CHUNK: 12,
    PARAMETERS: 16, // from here on as in a chunk
    VARARG: 17,
    FRAME: 18,
    UPVALUES: 19,
    WORDS: 20,
    FIRST_LINE: 24,
    LAST_LINE: 28,
    UPVALUE_OFFSET: 32,
    LINE_OFFSET: 36,
    NAME_OFFSET: 40,
    LOCAL_OFFSET: 44,
    LIVE_OFFSET: 48, // a byte per word, but not in the library: the number of registers in use there; 255: all
    CODE: 56,
  },
  CHUNK: { GRAY: 8, SOURCE: 12, COUNT: 16, PROTOS: 20, PROTO_LIST: 24, CONSTANTS: 32 },
} as const

/**
 * The control block, which states have that others than their maker may use: behind the limit of their memory, so
 * that the heap never reaches it. What user space writes into it, it writes under the lock.
 *
 *     0x0000  ┌──────────────────────────────┐
 *             │ lock, description, arguments │
 *             │ and result of a hook's call  │
 *     0x0400  ├──────────────────────────────┤
 *             │ hooks: HOOK, one each        │
 *     0x10000 ├──────────────────────────────┤
 *             │ log: a ring of records       │
 *     0x20000 ├──────────────────────────────┤
 *             │ PACKET: the packet of the    │
 *             │ call under way               │
 *     0x20800 ├──────────────────────────────┤
 *             │ rules: RULE, one each        │
 *     0x26000 ├──────────────────────────────┤
 *             │ slots: SLOT, one for each    │
 *             │ packet that is looked at     │
 *     0x2c000 ├──────────────────────────────┤
 *             │ window: the packet's bytes,  │
 *             │ as far as they were touched  │
 *     0x4c000 └──────────────────────────────┘
 */
export const CONTROL = {
  LOCK: 0, // i64: 0 free, 1 + CPU: a hook, else a process: LOCK_PROCESS in src/state/state-lock.ts
  STATUS: 8, // CONTROL_STATUS
  HOOK_FUEL: 16, // i64: instructions that a call of a hook may execute, as the state's maker has said; 0: not said
  TIME: 24, // i64: nanoseconds since boot for what is logged; of hooks in the kernel set when it is needed
  CREATED: 32, // i64: milliseconds since 1970
  RECOVERED: 40, // how often the lock was taken from a process that had died
  MANAGER: 48, // i64: like LOCK, for making, attaching, detaching and destroying; hooks don't look at it
  HELD: 56, // i64: nanoseconds since boot at which a process took the lock last
  ARGUMENTS: 0x40, // 8 × i64
  ADDRESS: 0x70, // in place of the last two: 16 bytes, the text that the first argument is, see HOOK_ARGUMENTS
  LOG_HEAD: 0x80, // i64: bytes written so far; records lie at a position modulo LOG.BYTES
  LOG_TAIL: 0x88, // i64: position of the oldest record
  LOG_COUNT: 0x90, // i64: records written so far
  LOG_DROPPED: 0x98, // i64: records that were overwritten, oldest first
  LOG_LAST: 0xa0, // u32: where the last record with text was written
  HOOK_DEADLINE: 0xa8, // i64: nanoseconds that a call of a hook may take, as the state's maker has said; 0: not said
  LOG_RECENT: 0xc0, // 8 × (position + 1 i64, 0: none; hash u32; unused): errors that are folded
  DESCRIPTION: 0x140, // text, 128 bytes
  LIBRARIES: 0x1c0, // text, 128 bytes: names, separated by commas
  HOOKS: 0x400,
  LOG: 0x10000,
  PACKET: 0x20000,
  RULES: 0x20800,
  SLOTS: 0x26000,
  WINDOW: 0x2c000,
  BYTES: 0x4c000,
} as const

/** CONTROL.STATUS. */
export const CONTROL_STATUS = { MADE: 0, READY: 1, DESTROYED: 2 } as const

/** A hook to which the state is attached, in the control block. Counts are i64 and only grow. */
export const HOOK = {
  STATUS: 0, // HOOK_STATUS
  FUNCTION: 4, // address of the interned name of the global that is called
  ON_NIL: 8, // verdicts for what the function returns: nil or nothing, true, false
  ON_TRUE: 12,
  ON_FALSE: 16,
  ON_FAILURE: 20, // the default verdict
  LEAST: 24, // integers from LEAST to MOST are verdicts themselves
  MOST: 28,
  PLACE: 32, // of hooks for packets: u32 inode of the network namespace, u32 index of the device, 0: none
  NAME: 40, // text, 48 bytes: cgroup/sysctl
  RULES: 88, // of hooks for packets: address of the first RULE,
  RULES_COUNT: 92, // how many there are,
  UNMATCHED: 96, // RULE_ACTION of packets that match none
  PRIORITY: 100,
  VERDICTS: 104, // 8 × i64: calls by verdict; the last one counts all from 7 on
  DEFAULT: 176, // text, 16 bytes: the default verdict, as it was typed
  CALLS: 192, // that reached the function; all others add to one of the last three causes
  ERRORS: 200, // fallbacks by cause: the script raised,
  FUEL: 208, // ran out of fuel,
  MEMORY: 216, // or memory,
  NONSENSE: 224, // returned what is no verdict,
  CONTENDED: 232, // the state was busy,
  INTERRUPTED: 240, // the hook interrupted the holder of the lock on its own CPU,
  BROKEN: 248, // the state is broken
  FUEL_SUM: 256, // instructions of all calls
  TIME_SUM: 264, // nanoseconds of the calls that were timed
  TARGET: 272, // text, 240 bytes: what it is attached to, as it was typed
  TIMES: 512, // histogram of nanoseconds per call that was timed: 128 × i64, 4 buckets for each power of two
  FUELS: 1536, // the same of instructions
  FUEL_LIMIT: 2560, // i64: instructions that a call may execute
  TIME_LIMIT: 2568, // i64: nanoseconds that a call may take: its deadline
  WAIT: 2576, // nanoseconds for which it waits for the state's lock
  OVERDUE: 2584, // fallbacks of another cause: the deadline was over
  BYTES: 2592,
  COUNT: 24,
} as const

/** Set in the number of arguments of COMMAND.HOOK: the first of them is the text of 16 bytes at CONTROL.ADDRESS. */
export const HOOK_ARGUMENTS = { ADDRESS: 0x100 } as const

/** HOOK.STATUS. */
export const HOOK_STATUS = { FREE: 0, RESERVED: 1, ACTIVE: 2 } as const

/**
 * A packet that a hook looks at, before the state's lock is taken: whoever claims a slot fills in its length, its
 * first bytes and SLOT.INFO; `dissect` adds where its parts are, and which rule it matches.
 */
export const SLOT = {
  LOCK: 0, // i64: 0 free, 1 taken
  LENGTH: 8, // bytes of the packet
  KNOWN: 12, // bytes in HEAD
  START: 16, // 0: it begins with the network layer; else offset of the EtherType << 8 | of what it describes
  FLAGS: 20, // SLOT_FLAG
  KIND: 24, // PACKET_KIND
  FAMILY: 28, // 4, 6; 0: not IP
  PROTOCOL: 32, // above IP and its extension headers
  NETWORK: 36, // offsets of the network layer,
  SOURCE: 40, // the addresses,
  DESTINATION: 44,
  TRANSPORT: 48, // the transport header, or what follows the IP header
  PAYLOAD: 52, // and the payload, which ends at
  END: 56,
  SOURCE_PORT: 60, // -1: it has none
  DESTINATION_PORT: 64,
  LATER: 68, // 1: a fragment, but not the first one
  INFO: 72, // 32 bytes that scripts see as a block: PACKET_INFO
  HEAD: 104, // the first bytes, up to HEAD_BYTES
  HEAD_BYTES: 192,
  ACTION: 296, // RULE_ACTION that its rules come to,
  LAST_RULE: 300, // the last one of them
  BYTES: 384,
  COUNT: 64,
} as const

/** SLOT.FLAGS. */
export const SLOT_FLAG = {
  WRITABLE: 1, // what scripts write is carried back
  PARTIAL: 2, // the device completes the transport checksum: its field holds the sum of the pseudo-header
} as const

/** Fields of the block about a packet: offsets in SLOT.INFO, 32 bits each. */
export const PACKET_INFO = {
  MARK: 0,
  IFINDEX: 4,
  IN_IFINDEX: 8,
  OUT_IFINDEX: 12,
  LENGTH: 16,
  PROTOCOL: 20, // EtherType
  RULE: 24, // number of the rule that it matched, from 1 on
  VLAN: 28, // tag that the device has taken off, 0: none
  BYTES: 32,
} as const

/** What a packet is; from the third on it is malformed, and why. */
export const PACKET_KIND = {
  IP: 0,
  OTHER: 1, // no IP
  LINK_SHORT: 2, // a header is cut short:
  VLAN_SHORT: 3,
  IP4_SHORT: 4,
  IP6_SHORT: 5,
  EXTENSION_SHORT: 6,
  TCP_SHORT: 7,
  UDP_SHORT: 8,
  ICMP_SHORT: 9,
  SCTP_SHORT: 10,
  VERSION: 11, // neither 4 nor 6
  IP4_HEADER: 12, // a length is less than it can be:
  IP4_TOTAL: 13,
  TCP_HEADER: 14,
  UDP_LENGTH: 15,
  TOO_LONG: 16, // headers reach beyond SLOT.HEAD
} as const

/** The packet of the call under way, under the lock. */
export const PACKET = {
  SLOT: 0, // its slot
  LENGTH: 4, // its bytes, as scripts have them
  FROM: 8, // what the driver is to fetch into the window: from here, a multiple of 64,
  UNTIL: 12, // up to here; FROM = UNTIL: nothing
  RESIZE: 16, // the length to which the driver is to let it grow; 0: nothing, -1: it could not, -2: it has
  ACTUAL: 28, // bytes that it has, LENGTH or more; the driver makes them LENGTH in the end
  MARK: 32, // the mark that it came with
  FLAGS: 20, // SLOT_FLAG
  IS_DIRTY: 24, // 1: something in the window has been written
  PRESENT: 0x100, // a bit for each 64 bytes of the window that are there,
  DIRTY: 0x200, // and that have been written
  CHUNK: 64,
  WINDOW_BYTES: 0x20000,
} as const

/** A rule: what is asked of packets. All that is asked must hold. */
export const RULE = {
  ACTION: 0, // RULE_ACTION
  FLAGS: 4, // RULE_FLAG
  PROTOCOL: 8,
  ETHERTYPE: 12, // 0: IP; -1: any
  SOURCE_PORTS: 16, // least, most: 16 bits each
  DESTINATION_PORTS: 20,
  PORTS: 24, // one of them
  SOURCE_BITS: 28, // length of the prefix; its family is that of the address
  DESTINATION_BITS: 32,
  MARK: 36, // mark & MASK = MARK
  MASK: 40,
  IN_IFINDEX: 44,
  OUT_IFINDEX: 48,
  FAMILY: 52, // of the addresses, or asked for
  SOURCE_ADDRESS: 56, // 16 bytes
  DESTINATION_ADDRESS: 72,
  BYTES: 88,
  COUNT: 256,
} as const

/** What becomes of packets that match; CALL: the function is called. */
export const RULE_ACTION = { PASS: 0, BLOCK: 1, CALL: 2 } as const

/** What is asked, in RULE.FLAGS. */
export const RULE_FLAG = {
  PROTOCOL: 1,
  SOURCE_PORTS: 2,
  DESTINATION_PORTS: 4,
  PORTS: 8,
  SOURCE_ADDRESS: 16,
  DESTINATION_ADDRESS: 32,
  IN_IFINDEX: 64,
  OUT_IFINDEX: 128,
  FAMILY: 256,
  FINAL: 512, // nothing is asked: no rule behind it is looked at
} as const

/** Records of the log: this header, then the text, up to a multiple of 8 bytes; none wraps around the ring's end. */
export const LOG = {
  LENGTH: 0, // bytes of text
  KIND: 4, // LOG_KIND
  TIME: 8, // i64: nanoseconds since boot; of an error that has been folded: when it came last
  NUMBER: 16, // i64: which record it is
  TIMES: 24, // u32: how often the same error came
  HASH: 28,
  TEXT: 32,
  BYTES: 0x10000, // of the ring
  LONGEST: 4096, // bytes of text; more is cut off
  RECENT: 8, // errors that are remembered for folding
} as const

export const LOG_KIND = { FILLER: 0, OUTPUT: 1, ERROR: 2 } as const

/** Names in the registry that the VM, its library and the driver agree on: integer keys. */
export const REGISTRY = {
  TRACEBACK: -1, // left by the message handler of calls from outside
  MESSAGE: -2, // the error in words, where it is no string
  KEYS: -3, // table whose keys are the names that drivers use
  HOSTS: -4, // names of the registered functions by their numbers, from 1 on
  PACKET_INFO: -5, // compiled layout of the block about a packet
  FUNCTIONS: -6, // table of the functions that JavaScript holds, by numbers
  PRINT: -7, // the function print, whatever scripts do to the global
} as const

/** Metamethods; those below 8 have a bit in TABLE.FLAGS. */
export const EVENTS = [
  'index',
  'newindex',
  'gc',
  'mode',
  'len',
  'eq',
  'call',
  'close',
  'add',
  'sub',
  'mul',
  'mod',
  'pow',
  'div',
  'idiv',
  'band',
  'bor',
  'bxor',
  'shl',
  'shr',
  'unm',
  'bnot',
  'lt',
  'le',
  'concat',
  'tostring',
  'name',
  'metatable',
  'pairs',
] as const

/** Status of a coroutine (THREAD.STATUS). */
export const STATUS = { SUSPENDED: 0, RUNNING: 1, NORMAL: 2, DEAD: 3 } as const

export const LIMITS = {
  SHORT_STRING: 40, // bytes of the longest interned string
  FRAME_REGISTERS: 250,
  CAPTURES: 32,
  STACK_SLOTS: 200_000, // of one coroutine: beyond is a stack overflow
  NESTED: 196, // coroutines resumed within each other
  HANDLER_SLOTS: 400, // of a large stack, kept for message handlers: at most so many
  STACK_RESERVE: 32, // slots kept for metamethod calls and message handlers
  GRACE_FUEL: 2000, // instructions left for handlers after fuel or memory has run out
  HOOK_SLICE: 10_000, // instructions that a call of a hook executes at a stretch: the deadline is looked at in between
} as const

export const CHUNK_FORMAT = { MAGIC: 0x434c524d, VERSION: 2 } as const

if (CONTROL.HOOKS + HOOK.COUNT * HOOK.BYTES > CONTROL.LOG)
  throw new Error('layout: the hooks overlap the log')
if (
  CONTROL.PACKET + PACKET.DIRTY + PACKET.WINDOW_BYTES / PACKET.CHUNK / 8 > CONTROL.RULES ||
  CONTROL.RULES + RULE.COUNT * RULE.BYTES > CONTROL.SLOTS ||
  CONTROL.SLOTS + SLOT.COUNT * SLOT.BYTES > CONTROL.WINDOW ||
  CONTROL.WINDOW + PACKET.WINDOW_BYTES > CONTROL.BYTES
)
  throw new Error('layout: the parts for packets overlap')
if (G.END > MEMORY.STATIC_CODE) throw new Error('layout: the globals overlap the static code')
