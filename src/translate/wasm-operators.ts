/**
 * The operators of WebAssembly: the one table from which the reader, the subset checker and the construction
 * of the intermediate code follow. Numbers and names: WebAssembly core specification, appendix "Index of
 * Instructions".
 */

export type WasmType = 'i32' | 'i64'

/** What follows an operator's byte. */
export type Immediate =
  | 'none'
  | 'block'
  | 'label'
  | 'table'
  | 'index'
  | 'call-indirect'
  | 'memory'
  | 'zero'
  | 'i32'
  | 'i64'
  | 'f32'
  | 'f64'

/** An operator of the subset. */
export interface Operator {
  readonly name: string
  readonly immediate: Immediate
  /** For operators that compute a value from values: operands, result. */
  readonly operands?: readonly WasmType[]
  readonly result?: WasmType
  /** Why a module with this operator is refused. */
  readonly refused?: string
}

type Row = readonly [opcode: number, names: string, immediate?: Immediate, refused?: string]

/** Names of consecutive operators. */
const ROWS: readonly Row[] = [
  [0x00, 'unreachable nop'],
  [0x02, 'block loop if', 'block'],
  [0x05, 'else'],
  [0x0b, 'end'],
  [0x0c, 'br br_if', 'label'],
  [0x0e, 'br_table', 'table'],
  [0x0f, 'return'],
  [0x10, 'call', 'index'],
  [0x11, 'call_indirect', 'call-indirect', 'eBPF has no indirect calls'],
  [0x1a, 'drop select'],
  [0x20, 'local.get local.set local.tee global.get', 'index'],
  [0x24, 'global.set', 'index', 'a global that changes would need a place in memory'],
  [0x28, 'i32.load i64.load', 'memory'],
  [0x2a, 'f32.load f64.load', 'memory', 'the kernel has no floating point'],
  [0x2c, 'i32.load8_s i32.load8_u i32.load16_s i32.load16_u', 'memory'],
  [0x30, 'i64.load8_s i64.load8_u i64.load16_s i64.load16_u i64.load32_s i64.load32_u', 'memory'],
  [0x36, 'i32.store i64.store', 'memory'],
  [0x38, 'f32.store f64.store', 'memory', 'the kernel has no floating point'],
  [0x3a, 'i32.store8 i32.store16 i64.store8 i64.store16 i64.store32', 'memory'],
  [0x3f, 'memory.size memory.grow', 'zero', 'the size of an arena is fixed'],
  [0x41, 'i32.const', 'i32'],
  [0x42, 'i64.const', 'i64'],
  [0x43, 'f32.const', 'f32', 'the kernel has no floating point'],
  [0x44, 'f64.const', 'f64', 'the kernel has no floating point'],
  [0x45, 'i32.eqz i32.eq i32.ne i32.lt_s i32.lt_u i32.gt_s i32.gt_u i32.le_s i32.le_u i32.ge_s i32.ge_u'],
  [0x50, 'i64.eqz i64.eq i64.ne i64.lt_s i64.lt_u i64.gt_s i64.gt_u i64.le_s i64.le_u i64.ge_s i64.ge_u'],
  [0x5b, 'f32.eq f32.ne f32.lt f32.gt f32.le f32.ge', 'none', 'the kernel has no floating point'],
  [0x61, 'f64.eq f64.ne f64.lt f64.gt f64.le f64.ge', 'none', 'the kernel has no floating point'],
  [0x67, 'i32.clz i32.ctz i32.popcnt'],
  [0x6a, 'i32.add i32.sub i32.mul i32.div_s i32.div_u i32.rem_s i32.rem_u i32.and i32.or i32.xor'],
  [0x74, 'i32.shl i32.shr_s i32.shr_u i32.rotl i32.rotr'],
  [0x79, 'i64.clz i64.ctz i64.popcnt'],
  [0x7c, 'i64.add i64.sub i64.mul i64.div_s i64.div_u i64.rem_s i64.rem_u i64.and i64.or i64.xor'],
  [0x86, 'i64.shl i64.shr_s i64.shr_u i64.rotl i64.rotr'],
  [
    0x8b,
    'f32.abs f32.neg f32.ceil f32.floor f32.trunc f32.nearest f32.sqrt',
    'none',
    'the kernel has no floating point',
  ],
  [
    0x92,
    'f32.add f32.sub f32.mul f32.div f32.min f32.max f32.copysign',
    'none',
    'the kernel has no floating point',
  ],
  [
    0x99,
    'f64.abs f64.neg f64.ceil f64.floor f64.trunc f64.nearest f64.sqrt',
    'none',
    'the kernel has no floating point',
  ],
  [
    0xa0,
    'f64.add f64.sub f64.mul f64.div f64.min f64.max f64.copysign',
    'none',
    'the kernel has no floating point',
  ],
  [0xa7, 'i32.wrap_i64'],
  [
    0xa8,
    'i32.trunc_f32_s i32.trunc_f32_u i32.trunc_f64_s i32.trunc_f64_u',
    'none',
    'the kernel has no floating point',
  ],
  [0xac, 'i64.extend_i32_s i64.extend_i32_u'],
  [
    0xae,
    'i64.trunc_f32_s i64.trunc_f32_u i64.trunc_f64_s i64.trunc_f64_u',
    'none',
    'the kernel has no floating point',
  ],
  [
    0xb2,
    'f32.convert_i32_s f32.convert_i32_u f32.convert_i64_s f32.convert_i64_u f32.demote_f64',
    'none',
    'the kernel has no floating point',
  ],
  [
    0xb7,
    'f64.convert_i32_s f64.convert_i32_u f64.convert_i64_s f64.convert_i64_u f64.promote_f32',
    'none',
    'the kernel has no floating point',
  ],
  [
    0xbc,
    'i32.reinterpret_f32 i64.reinterpret_f64 f32.reinterpret_i32 f64.reinterpret_i64',
    'none',
    'the kernel has no floating point',
  ],
  [0xc0, 'i32.extend8_s i32.extend16_s i64.extend8_s i64.extend16_s i64.extend32_s'],
]

/** Prefixes of operators with a second number; all of them are refused. */
export const PREFIXES: Readonly<Record<number, string>> = {
  251: 'garbage collection',
  252: 'bulk memory and saturating conversions',
  253: 'vectors',
  254: 'threads',
}

const COMPARISON = /\.(eqz|eq|ne|[lg][te]_[su])$/

/** Operands and result of an operator, which follow from its name. */
function signatureOf(name: string): Pick<Operator, 'operands' | 'result'> {
  const type = name.slice(0, 3) as WasmType
  const verb = name.slice(4)
  if (verb === 'wrap_i64') return { operands: ['i64'], result: 'i32' }
  if (verb.startsWith('extend_i32')) return { operands: ['i32'], result: 'i64' }
  if (/^(clz|ctz|popcnt|extend\d+_s|eqz)$/.test(verb))
    return { operands: [type], result: verb === 'eqz' ? 'i32' : type }
  return { operands: [type, type], result: COMPARISON.test(name) ? 'i32' : type }
}

function makeTable(): Map<number, Operator> {
  const table = new Map<number, Operator>()
  for (const [first, names, immediate = 'none', refused] of ROWS)
    names.split(' ').forEach((name, i) => {
      const opcode = first + i
      const computes = refused === undefined && opcode >= 0x45
      table.set(opcode, {
        name,
        immediate,
        ...(computes ? signatureOf(name) : {}),
        ...(refused === undefined ? {} : { refused }),
      })
    })
  return table
}

/** Operators by opcode; prefixed ones are not in it. */
export const OPERATORS: ReadonlyMap<number, Operator> = makeTable()
