/**
 * The eBPF instruction set: the one table from which constructors (`instruction.ts`), decoder, disassembler,
 * assembler and interpreter follow. Source: the kernel's Documentation/bpf/standardization/instruction-set.rst
 * and, for the text, kernel/bpf/disasm.c.
 *
 * An instruction is 8 bytes, `struct bpf_insn`, little-endian:
 *
 *     byte   0       1       2        4           8
 *         +------+---+---+--------+---------------+
 *         | code |dst|src| offset |      imm      |     dst is the low half of byte 1
 *         +------+---+---+--------+---------------+
 *
 *     code of arithmetic and jumps:   operation (4 bits) | X: register or K: immediate (1) | class (3)
 *     code of loads and stores:       mode (3) | size (2) | class (3)
 *
 * A `Form` is one way to fill these fields. Its text has a placeholder for each field that it uses; all other
 * fields have a fixed value, zero unless the form says so, and anything else there is no instruction.
 *
 *     placeholder        field    holds
 *     {dst} {src}        same     number of a register
 *     {offset}           offset   distance in bytes from a base register
 *     {jump}             offset   distance in instructions from the following one
 *     {longjump} {call}  imm      the same
 *     {imm}              imm      an integer, extended with its sign to 64 bits
 *     {word}             imm      an integer of 32 bits
 *     {helper} {kfunc}   imm      number of a function of the kernel
 *     {imm64} {map}      imm, and imm of the following slot: low and high word
 *     {value}            imm: a map, imm of the following slot: an offset in its value
 */

/** The fields of `struct bpf_insn`. A 64-bit immediate load is two of them. */
export interface Instruction {
  readonly code: number
  readonly dst: number
  readonly src: number
  /** Signed, 16 bits. */
  readonly offset: number
  /** Signed, 32 bits. */
  readonly imm: number
}

export type Width = 32 | 64
export type Bytes = 1 | 2 | 4 | 8

export const CLASS = { LD: 0, LDX: 1, ST: 2, STX: 3, ALU: 4, JMP: 5, JMP32: 6, ALU64: 7 } as const
export const OPERAND = { K: 0x00, X: 0x08 } as const
export const SIZE = { 1: 0x10, 2: 0x08, 4: 0x00, 8: 0x18 } as const
export const MODE = { IMM: 0x00, MEM: 0x60, MEMSX: 0x80, ATOMIC: 0xc0 } as const

export interface AluOperation {
  readonly code: number
  readonly symbol: string
  /** The offset field, which tells signed division from unsigned. */
  readonly offset: number
  readonly meaning: string
}

const alu = (code: number, symbol: string, meaning: string, offset = 0): AluOperation => ({
  code,
  symbol,
  offset,
  meaning,
})

/** Meanings are over the operands' width; a result of 32 bits is extended with zeros. */
export const ALU_OPERATIONS = {
  add: alu(0x00, '+=', 'a + b'),
  sub: alu(0x10, '-=', 'a - b'),
  mul: alu(0x20, '*=', 'a * b'),
  div: alu(0x30, '/=', 'b == 0 ? 0 : a / b, unsigned'),
  sdiv: alu(0x30, 's/=', 'b == 0 ? 0 : a / b, signed and truncating; the smallest integer / -1 is itself', 1),
  mod: alu(0x90, '%=', 'b == 0 ? a : a % b, unsigned'),
  smod: alu(0x90, 's%=', 'b == 0 ? a : a % b, with the sign of a; the smallest integer % -1 is 0', 1),
  or: alu(0x40, '|=', 'a | b'),
  and: alu(0x50, '&=', 'a & b'),
  xor: alu(0xa0, '^=', 'a ^ b'),
  lsh: alu(0x60, '<<=', 'a << (b modulo width)'),
  rsh: alu(0x70, '>>=', 'a >> (b modulo width), filling with zeros'),
  arsh: alu(0xc0, 's>>=', 'a >> (b modulo width), filling with the sign'),
  mov: alu(0xb0, '=', 'b'),
} as const satisfies Record<string, AluOperation>

export type AluOp = keyof typeof ALU_OPERATIONS
export const NEGATE = 0x80
export const SWAP = 0xd0

const condition = (code: number, symbol: string) => ({ code, symbol })

/** Signed comparisons have an `s` before the symbol; `set` is (a & b) != 0. */
export const CONDITIONS = {
  eq: condition(0x10, '=='),
  ne: condition(0x50, '!='),
  gt: condition(0x20, '>'),
  ge: condition(0x30, '>='),
  lt: condition(0xa0, '<'),
  le: condition(0xb0, '<='),
  sgt: condition(0x60, 's>'),
  sge: condition(0x70, 's>='),
  slt: condition(0xc0, 's<'),
  sle: condition(0xd0, 's<='),
  set: condition(0x40, '&'),
} as const

export type Cond = keyof typeof CONDITIONS
export const JUMP = { JA: 0x00, CALL: 0x80, EXIT: 0x90, JCOND: 0xe0 } as const

/** Atomic operations: the imm field. Forms that fetch have bit 0 set. */
export const ATOMIC_OPERATIONS = {
  add: 0x00,
  or: 0x40,
  and: 0x50,
  xor: 0xa0,
  fetch_add: 0x01,
  fetch_or: 0x41,
  fetch_and: 0x51,
  fetch_xor: 0xa1,
  xchg: 0xe1,
  cmpxchg: 0xf1,
} as const

export type AtomicOp = keyof typeof ATOMIC_OPERATIONS

/** The src field of a 64-bit immediate load: what the loader or the kernel puts in place of the immediate. */
export const PSEUDO_LOAD = { NONE: 0, MAP: 1, MAP_VALUE: 2, FUNCTION: 4 } as const
/** The src field of a call. */
export const CALLEE = { HELPER: 0, FUNCTION: 1, KFUNC: 2 } as const
/** The imm field of an address space cast, and the offset field that makes a move one. */
export const CAST = { TO_ARENA: 1, TO_USER: 0x10000, OFFSET: 1 } as const

export type SwapKind = 'le' | 'be' | 'bswap'
const SWAPS = [
  ['le', CLASS.ALU | OPERAND.K, 'little endian'],
  ['be', CLASS.ALU | OPERAND.X, 'big endian'],
  ['bswap', CLASS.ALU64 | OPERAND.K, 'its bytes reversed'],
] as const

/** What a form does, for those that execute it. */
export type Operation =
  | { readonly kind: 'alu'; readonly op: AluOp; readonly width: Width; readonly operand: 'reg' | 'imm' }
  | { readonly kind: 'negate'; readonly width: Width }
  | { readonly kind: 'swap'; readonly swap: SwapKind; readonly bits: 16 | 32 | 64 }
  | { readonly kind: 'move-signed'; readonly width: Width; readonly bits: 8 | 16 | 32 }
  | { readonly kind: 'cast'; readonly to: 'arena' | 'user' }
  | { readonly kind: 'load'; readonly bytes: Bytes; readonly signed: boolean }
  | { readonly kind: 'store'; readonly bytes: Bytes; readonly operand: 'reg' | 'imm' }
  | { readonly kind: 'atomic'; readonly op: AtomicOp; readonly width: Width }
  | { readonly kind: 'ordered'; readonly op: 'load_acquire' | 'store_release'; readonly bytes: Bytes }
  | { readonly kind: 'load-imm64'; readonly of: 'value' | 'map' | 'map-value' | 'function' }
  | { readonly kind: 'goto'; readonly long: boolean }
  | { readonly kind: 'branch'; readonly cond: Cond; readonly width: Width; readonly operand: 'reg' | 'imm' }
  | { readonly kind: 'may-goto' }
  | { readonly kind: 'call'; readonly callee: 'helper' | 'function' | 'kfunc' }
  | { readonly kind: 'exit' }

export interface Form {
  readonly code: number
  readonly text: string
  readonly meaning: string
  readonly operation: Operation
  /** Values of the fields that the text has no placeholder for. */
  readonly fixed: {
    readonly dst?: number
    readonly src?: number
    readonly offset?: number
    readonly imm?: number
  }
}

const PLACEHOLDER_FIELDS = {
  dst: 'dst',
  src: 'src',
  offset: 'offset',
  jump: 'offset',
  longjump: 'imm',
  call: 'imm',
  imm: 'imm',
  word: 'imm',
  helper: 'imm',
  kfunc: 'imm',
  imm64: 'imm',
  map: 'imm',
  value: 'imm',
} as const

export type Placeholder = keyof typeof PLACEHOLDER_FIELDS
type Field = 'dst' | 'src' | 'offset' | 'imm'

/** The field of an instruction that a placeholder stands for. */
export function fieldOf(placeholder: Placeholder): Field {
  return PLACEHOLDER_FIELDS[placeholder]
}

const entries = <K extends string, V>(table: Record<K, V>) => Object.entries(table) as [K, V][]
const WIDTHS = [64, 32] as const
const BYTES = [1, 2, 4, 8] as const

/** Makes a form; fields without a placeholder that `fixed` doesn't name are zero. */
function form(
  code: number,
  text: string,
  meaning: string,
  operation: Operation,
  fixed: Form['fixed'] = {},
): Form {
  const used = new Set([...text.matchAll(/\{(\w+)\}/g)].map((m) => fieldOf(m[1] as Placeholder)))
  const all: { dst?: number; src?: number; offset?: number; imm?: number } = {}
  for (const field of ['dst', 'src', 'offset', 'imm'] as const) {
    if (!used.has(field)) all[field] = fixed[field] ?? 0
  }
  return { code, text, meaning, operation, fixed: all }
}

function* aluForms(): Generator<Form> {
  for (const width of WIDTHS) {
    const cls = width === 64 ? CLASS.ALU64 : CLASS.ALU
    const r = width === 64 ? 'r' : 'w'
    for (const [op, { code, symbol, offset, meaning }] of entries<AluOp, AluOperation>(ALU_OPERATIONS)) {
      const says = `dst = ${meaning}, where a = dst, b = `
      const reg: Operation = { kind: 'alu', op, width, operand: 'reg' }
      yield form(cls | OPERAND.X | code, `${r}{dst} ${symbol} ${r}{src}`, `${says}src`, reg, { offset })
      const immediate = width === 64 ? '{imm}' : '{word}'
      const imm: Operation = { kind: 'alu', op, width, operand: 'imm' }
      yield form(cls | OPERAND.K | code, `${r}{dst} ${symbol} ${immediate}`, `${says}imm`, imm, { offset })
    }
    yield form(cls | NEGATE, `${r}{dst} = -${r}{dst}`, 'dst = -dst', { kind: 'negate', width })
    for (const bits of width === 64 ? ([8, 16, 32] as const) : ([8, 16] as const)) {
      const text = `${r}{dst} = (s${bits})${r}{src}`
      const operation: Operation = { kind: 'move-signed', width, bits }
      const meaning = `dst = the low ${bits} bits of src, extended with their sign`
      yield form(cls | OPERAND.X | ALU_OPERATIONS.mov.code, text, meaning, operation, { offset: bits })
    }
  }
}

function* conversionForms(): Generator<Form> {
  for (const [swap, cls, says] of SWAPS) {
    for (const bits of [16, 32, 64] as const) {
      const text = `r{dst} = ${swap}${bits} r{dst}`
      const meaning = `dst = the low ${bits} bits of dst, ${says}`
      yield form(cls | SWAP, text, meaning, { kind: 'swap', swap, bits }, { imm: bits })
    }
  }
  const code = CLASS.ALU64 | OPERAND.X | ALU_OPERATIONS.mov.code
  const offset = CAST.OFFSET
  const arena = 'dst = the low 32 bits of src, as an address in the arena'
  yield form(
    code,
    'r{dst} = addr_space_cast(r{src}, 0, 1)',
    arena,
    { kind: 'cast', to: 'arena' },
    {
      offset,
      imm: CAST.TO_ARENA,
    },
  )
  const user = 'dst = the address in user space of the arena address src'
  yield form(
    code,
    'r{dst} = addr_space_cast(r{src}, 1, 0)',
    user,
    { kind: 'cast', to: 'user' },
    {
      offset,
      imm: CAST.TO_USER,
    },
  )
}

function* memoryForms(): Generator<Form> {
  for (const bytes of BYTES) {
    const type = `u${bytes * 8}`
    const load: Operation = { kind: 'load', bytes, signed: false }
    const loadText = `r{dst} = *(${type} *)(r{src} {offset})`
    yield form(CLASS.LDX | MODE.MEM | SIZE[bytes], loadText, 'dst = memory, extended with zeros', load)
    if (bytes !== 8) {
      const text = `r{dst} = *(s${bytes * 8} *)(r{src} {offset})`
      const signed: Operation = { kind: 'load', bytes, signed: true }
      yield form(CLASS.LDX | MODE.MEMSX | SIZE[bytes], text, 'dst = memory, extended with its sign', signed)
    }
    const target = `*(${type} *)(r{dst} {offset}) = `
    const reg: Operation = { kind: 'store', bytes, operand: 'reg' }
    yield form(CLASS.STX | MODE.MEM | SIZE[bytes], `${target}r{src}`, 'memory = src', reg)
    const imm: Operation = { kind: 'store', bytes, operand: 'imm' }
    const immediate = bytes === 8 ? '{imm}' : '{word}'
    yield form(CLASS.ST | MODE.MEM | SIZE[bytes], `${target}${immediate}`, 'memory = imm', imm)
  }
}

function* atomicForms(): Generator<Form> {
  for (const width of WIDTHS) {
    const code = CLASS.STX | MODE.ATOMIC | SIZE[width === 64 ? 8 : 4]
    const cell = `(u${width} *)(r{dst} {offset})`
    const prefix = width === 64 ? 'atomic64' : 'atomic'
    for (const [op, imm] of entries<AtomicOp, number>(ATOMIC_OPERATIONS)) {
      const operation: Operation = { kind: 'atomic', op, width }
      if (op === 'cmpxchg') {
        const text = `r0 = ${prefix}_cmpxchg(${cell}, r0, r{src})`
        yield form(code, text, 'memory = src if memory == r0; r0 = what was there', operation, { imm })
      } else if (op === 'xchg' || op.startsWith('fetch_')) {
        const text = `r{src} = ${prefix}_${op}(${cell}, r{src})`
        yield form(code, text, 'memory = memory op src; src = what was there', operation, { imm })
      } else {
        const text = `lock *${cell} ${ALU_OPERATIONS[op as 'add' | 'or' | 'and' | 'xor'].symbol} r{src}`
        yield form(code, text, 'memory = memory op src', operation, { imm })
      }
    }
  }
  for (const bytes of BYTES) {
    const code = CLASS.STX | MODE.ATOMIC | SIZE[bytes]
    const acquire = `r{dst} = load_acquire((u${bytes * 8} *)(r{src} {offset}))`
    const load: Operation = { kind: 'ordered', op: 'load_acquire', bytes }
    yield form(code, acquire, 'dst = memory, before what follows', load, { imm: 0x100 })
    const release = `store_release((u${bytes * 8} *)(r{dst} {offset}), r{src})`
    const store: Operation = { kind: 'ordered', op: 'store_release', bytes }
    yield form(code, release, 'memory = src, after what precedes', store, { imm: 0x110 })
  }
}

function* controlForms(): Generator<Form> {
  yield form(CLASS.JMP | JUMP.JA, 'goto {jump}', 'jump', { kind: 'goto', long: false })
  yield form(CLASS.JMP32 | JUMP.JA, 'gotol {longjump}', 'jump', { kind: 'goto', long: true })
  for (const width of WIDTHS) {
    const cls = width === 64 ? CLASS.JMP : CLASS.JMP32
    const r = width === 64 ? 'r' : 'w'
    for (const [cond, { code, symbol }] of entries<Cond, { code: number; symbol: string }>(CONDITIONS)) {
      const start = `if ${r}{dst} ${symbol} `
      const reg: Operation = { kind: 'branch', cond, width, operand: 'reg' }
      yield form(cls | OPERAND.X | code, `${start}${r}{src} goto {jump}`, 'jump if so', reg)
      const immediate = width === 64 ? '{imm}' : '{word}'
      const imm: Operation = { kind: 'branch', cond, width, operand: 'imm' }
      yield form(cls | OPERAND.K | code, `${start}${immediate} goto {jump}`, 'jump if so', imm)
    }
  }
  const may = 'jump when the budget of loops is used up'
  yield form(CLASS.JMP | JUMP.JCOND, 'may_goto {jump}', may, { kind: 'may-goto' })
  const call = CLASS.JMP | JUMP.CALL
  const src = CALLEE
  const results = 'r0 = its result; r1 to r5 are lost'
  yield form(call, 'call {helper}', results, { kind: 'call', callee: 'helper' }, { src: src.HELPER })
  yield form(call, 'call {call}', results, { kind: 'call', callee: 'function' }, { src: src.FUNCTION })
  yield form(call, 'call kfunc {kfunc}', results, { kind: 'call', callee: 'kfunc' }, { src: src.KFUNC })
  yield form(CLASS.JMP | JUMP.EXIT, 'exit', 'return r0', { kind: 'exit' })
}

/** The code of a 64-bit immediate load, the only instruction of two slots. */
export const LOAD_IMM64 = CLASS.LD | MODE.IMM | SIZE[8]

function* immediateForms(): Generator<Form> {
  const rows = [
    ['r{dst} = {imm64} ll', 'value', PSEUDO_LOAD.NONE, 'dst = the immediate'],
    ['r{dst} = map {map} ll', 'map', PSEUDO_LOAD.MAP, 'dst = the map'],
    [
      'r{dst} = value {value} ll',
      'map-value',
      PSEUDO_LOAD.MAP_VALUE,
      "dst = address in an array map's value",
    ],
    ['r{dst} = {call} ll', 'function', PSEUDO_LOAD.FUNCTION, 'dst = the function, for callbacks'],
  ] as const
  for (const [text, of, src, meaning] of rows) {
    yield form(LOAD_IMM64, text, meaning, { kind: 'load-imm64', of }, { src })
  }
}

/** Every form that this project reads or writes. */
export const FORMS: readonly Form[] = [
  ...aluForms(),
  ...conversionForms(),
  ...memoryForms(),
  ...atomicForms(),
  ...immediateForms(),
  ...controlForms(),
]
