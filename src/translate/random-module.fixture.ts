/**
 * Random WebAssembly modules that terminate, from a seed: all of the subset's operators, structured control,
 * calls without recursion, memory. Loops have counters, calls in loops draw on a budget in memory.
 */
import type { TestFunction, TestModule } from './encode-module.fixture.ts'
import { EDGES } from './integer-edges.fixture.ts'
import { type Call, fillMemory } from './three-ways.fixture.ts'
import type { WasmType } from './wasm-operators.ts'

/** Address of the budget, which each call of the test has to fill: calls in loops that remain. */
export const BUDGET = 16
const BUDGET_CALLS = 40
/** Accesses go to 0x100 to 0x4fff, and with the far offset to 0x8100 to 0xcfff. */
const ADDRESS_MASK = 0x3fff
const OFFSETS = [0x100, 0x101, 0x107, 0x7ff, 0x8100, 0x8fff]

const TYPES = ['i32', 'i64'] as const
const BINARY = 'add sub mul and or xor shl shr_s shr_u rotl rotr'.split(' ')
const DIVISIONS = 'div_s div_u rem_s rem_u'.split(' ')
const CONDITIONS = 'eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u'.split(' ')
const UNARY = {
  i32: 'clz ctz popcnt extend8_s extend16_s'.split(' '),
  i64: 'clz ctz popcnt extend8_s extend16_s extend32_s'.split(' '),
}
const LOADS = {
  i32: 'load load8_s load8_u load16_s load16_u'.split(' '),
  i64: 'load load8_s load8_u load16_s load16_u load32_s load32_u'.split(' '),
}
const STORES = { i32: 'store store8 store16'.split(' '), i64: 'store store8 store16 store32'.split(' ') }

/** A small generator of pseudo-random numbers (xorshift32). */
function generator(seed: number): (below: number) => number {
  let state = Math.imul(seed + 1, 0x9e3779b1)
  return (below) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % below
  }
}

type Pick = ReturnType<typeof generator>

interface Signature {
  readonly parameters: readonly WasmType[]
  readonly result: WasmType | undefined
}

interface Label {
  readonly isLoop: boolean
  readonly type: WasmType | undefined
  /** Local that counts a loop's rounds. */
  readonly counter: number
}

class FunctionMaker {
  readonly #pick: Pick
  readonly #index: number
  readonly #signatures: readonly Signature[]
  readonly #locals: WasmType[]
  readonly #byType: Record<WasmType, number[]> = { i32: [], i64: [] }
  readonly #labels: Label[] = []
  #loops = 0
  #callsLeft: number
  #room: number

  constructor(pick: Pick, index: number, signatures: readonly Signature[]) {
    this.#pick = pick
    this.#index = index
    this.#signatures = signatures
    const count = 1 + pick(pick(3) === 0 ? 14 : 5)
    const others = Array.from({ length: count }, () => this.#one(TYPES))
    this.#locals = [...this.#own.parameters, ...others, 'i32', 'i64']
    this.#locals.forEach((type, i) => {
      this.#byType[type].push(i)
    })
    this.#callsLeft = 3
    this.#room = 60 + pick(200)
  }

  get #own(): Signature {
    return this.#signatures[this.#index] as Signature
  }

  #one<Item>(items: readonly Item[]): Item {
    return items[this.#pick(items.length)] as Item
  }

  make(name: string, exported: boolean): TestFunction {
    const { parameters, result } = this.#own
    this.#labels.push({ isLoop: false, type: result, counter: -1 })
    const start = this.#pick(3) === 0 ? '' : this.#setAll()
    const statements = this.#statements(4)
    const last = this.#pick(2) === 0 ? this.#storeAll() : ''
    const value = !result ? '' : this.#pick(2) === 0 ? this.#expression(result, 3) : this.#mixAll(result)
    const body = `${start} ${statements} ${last} ${value}`
    return { name, parameters, result, locals: this.#locals.slice(parameters.length), body, exported }
  }

  /** Gives locals values of which nothing is known. */
  #setAll(): string {
    return this.#locals
      .map((type, i) => (this.#pick(3) === 0 ? '' : `${this.#leaf(type)} local.set ${i}`))
      .join(' ')
  }

  /** Stores all locals, so that a wrong one shows. */
  #storeAll(): string {
    const at = 0x6000 + this.#index * 256
    return this.#locals.map((type, i) => `i32.const ${at + 8 * i} local.get ${i} ${type}.store`).join(' ')
  }

  #mixAll(result: WasmType): string {
    const mixed = this.#locals.map((type, i) => {
      const value = `local.get ${i} ${type === result ? '' : type === 'i32' ? 'i64.extend_i32_s' : 'i32.wrap_i64'}`
      return i === 0 ? value : `${value} ${result}.${i % 2 ? 'xor' : 'add'} ${result}.const 5 ${result}.rotl`
    })
    return mixed.join(' ')
  }

  #constant(type: WasmType): string {
    const value = this.#pick(2) === 0 ? BigInt(this.#pick(9)) - 4n : this.#one(EDGES[type])
    return `${type}.const ${value}`
  }

  #leaf(type: WasmType): string {
    switch (this.#pick(6)) {
      case 0:
        return this.#constant(type)
      case 1:
        return this.#load(type, `i32.const ${this.#pick(64) * 4}`)
      default:
        return `local.get ${this.#one(this.#byType[type])}`
    }
  }

  #load(type: WasmType, address: string): string {
    return `${address} ${type}.${this.#one(LOADS[type])} offset=${this.#one(OFFSETS)}`
  }

  #address(depth: number): string {
    return this.#pick(3) === 0
      ? `i32.const ${this.#pick(ADDRESS_MASK)}`
      : `${this.#expression('i32', depth)} i32.const ${ADDRESS_MASK} i32.and`
  }

  #expression(type: WasmType, depth: number): string {
    if (depth <= 0 || --this.#room < 0) return this.#leaf(type)
    const sub = (t: WasmType): string => this.#expression(t, depth - 1)
    switch (this.#pick(16)) {
      case 0:
      case 1:
      case 2:
        return `${sub(type)} ${sub(type)} ${type}.${this.#one(BINARY)}`
      case 3:
        return `${sub(type)} ${this.#constant(type)} ${type}.${this.#one(BINARY)}`
      case 4:
        return this.#division(type, sub)
      case 5:
        return `${sub(type)} ${type}.${this.#one(UNARY[type])}`
      case 6:
      case 7:
        return type === 'i32'
          ? this.#condition(depth)
          : `${sub('i32')} i64.extend_i32_${this.#one(['s', 'u'])}`
      case 8:
        return type === 'i32' ? `${sub('i64')} i32.wrap_i64` : `${sub('i32')} i64.extend_i32_u`
      case 9:
        return this.#load(type, this.#address(depth - 1))
      case 10:
        return `${sub(type)} ${sub(type)} ${this.#condition(depth)} select`
      case 11:
        return `${sub(type)} local.tee ${this.#one(this.#byType[type])}`
      case 12:
        return this.#block(type, depth)
      case 13:
        return `${this.#condition(depth)} if (result ${type}) ${this.#within(type, depth)} else ${this.#within(type, depth)} end`
      case 14:
        return this.#call(type, depth) ?? this.#leaf(type)
      default:
        return this.#leaf(type)
    }
  }

  /** Most divisions can't trap. */
  #division(type: WasmType, sub: (t: WasmType) => string): string {
    const op = this.#one(DIVISIONS)
    const guard = this.#pick(12) === 0 ? '' : `${type}.const ${this.#one([1, 3, 9])} ${type}.or`
    const dividend = op === 'div_s' && guard !== '' ? `${sub(type)} ${type}.const 1 ${type}.shr_u` : sub(type)
    return `${dividend} ${sub(type)} ${guard} ${type}.${op}`
  }

  #condition(depth: number): string {
    const type = this.#one(TYPES)
    const sub = (): string => this.#expression(type, depth - 1)
    switch (this.#pick(6)) {
      case 0:
        return `${sub()} ${type}.eqz`
      case 1:
        return `${this.#condition(depth - 1)} i32.eqz`
      case 2:
        return `${sub()} ${this.#constant(type)} ${type}.${this.#one(CONDITIONS)}`
      case 3:
        return this.#expression('i32', depth - 1)
      default:
        return `${sub()} ${sub()} ${type}.${this.#one(CONDITIONS)}`
    }
  }

  /** Statements and a value, inside of a label with that type. */
  #within(type: WasmType, depth: number): string {
    this.#labels.push({ isLoop: false, type, counter: -1 })
    const code = `${this.#statements(depth - 1)} ${this.#expression(type, depth - 1)}`
    this.#labels.pop()
    return code
  }

  #block(type: WasmType, depth: number): string {
    if (this.#pick(3) > 0) return `block (result ${type}) ${this.#within(type, depth)} end`
    const { before, counter } = this.#newCounter()
    this.#labels.push({ isLoop: true, type: undefined, counter })
    const body = `${this.#statements(depth - 1)} ${this.#again(0)} ${this.#expression(type, depth - 1)}`
    this.#labels.pop()
    this.#loops--
    return `${before} loop (result ${type}) ${body} end`
  }

  #newCounter(): { before: string; counter: number } {
    this.#loops++
    const counter = this.#locals.push('i32') - 1
    return { before: `i32.const 0 local.set ${counter}`, counter }
  }

  /** One more round of the loop at this label, if it has rounds left. */
  #again(label: number): string {
    const { counter } = this.#labels[this.#labels.length - 1 - label] as Label
    const rounds = 1 + this.#pick(4)
    const count = `local.get ${counter} i32.const 1 i32.add local.tee ${counter}`
    return `${count} i32.const ${rounds} i32.lt_u br_if ${label}`
  }

  /** Labels, by depth, that a branch may go to: all but loops. */
  #targets(type: WasmType | undefined): number[] {
    return this.#labels.flatMap((label, i) =>
      !label.isLoop && label.type === type ? [this.#labels.length - 1 - i] : [],
    )
  }

  #branch(depth: number): string {
    const label = this.#pick(this.#labels.length)
    const { isLoop, type } = this.#labels[this.#labels.length - 1 - label] as Label
    if (isLoop) return this.#again(label)
    const value = type ? this.#expression(type, depth - 1) : ''
    switch (this.#pick(5)) {
      case 0:
        return `${value} br ${label} ${this.#dead(depth)}`
      case 1: {
        const targets = this.#targets(type)
        const chosen = Array.from({ length: 1 + this.#pick(9) }, () => this.#one(targets))
        return `${value} ${this.#expression('i32', depth - 1)} br_table ${chosen.join(' ')} ${this.#dead(depth)}`
      }
      default:
        return `${value} ${this.#condition(depth - 1)} br_if ${label} ${type ? 'drop' : ''}`
    }
  }

  /** Code that is never reached. */
  #dead(depth: number): string {
    return this.#pick(3) > 0 ? '' : this.#statements(depth - 2)
  }

  #call(type: WasmType | undefined, depth: number): string | undefined {
    const callees = this.#signatures.flatMap(({ result }, i) =>
      i > this.#index && result === type ? [i] : [],
    )
    if (callees.length === 0 || this.#callsLeft-- <= 0) return undefined
    const callee = this.#one(callees)
    const args = (this.#signatures[callee] as Signature).parameters.map((t) => this.#expression(t, depth - 2))
    const call = `${args.join(' ')} call ${callee}`
    if (this.#loops === 0) return call
    const budget = `i32.const 0 i32.load offset=${BUDGET}`
    const take = `i32.const 0 ${budget} i32.const 1 i32.sub i32.store offset=${BUDGET}`
    const otherwise = type ? `else ${this.#leaf(type)}` : ''
    return `${budget} i32.const 0 i32.gt_s if ${type ? `(result ${type})` : ''} ${take} ${call} ${otherwise} end`
  }

  #statements(depth: number): string {
    return Array.from({ length: 1 + this.#pick(3) }, () => this.#statement(depth)).join(' ')
  }

  #statement(depth: number): string {
    if (depth <= 0 || --this.#room < 0) return this.#set(1)
    switch (this.#pick(14)) {
      case 0:
      case 1:
        return this.#set(depth)
      case 2:
      case 3:
        return this.#store(depth)
      case 4:
        return `block ${this.#inside(depth, false)} end`
      case 5:
        return `${this.#condition(depth)} if ${this.#inside(depth, false)} end`
      case 6:
        return `${this.#condition(depth)} if ${this.#inside(depth, false)} else ${this.#inside(depth, false)} end`
      case 7:
      case 8:
        return this.#loop(depth)
      case 9:
      case 10:
        return this.#branch(depth)
      case 11:
        return this.#call(undefined, depth) ?? this.#swap()
      case 12:
        return this.#rare(depth)
      default:
        return this.#swap()
    }
  }

  #set(depth: number): string {
    const type = this.#one(TYPES)
    return `${this.#expression(type, depth)} local.set ${this.#one(this.#byType[type])}`
  }

  #store(depth: number): string {
    const type = this.#one(TYPES)
    const value = this.#pick(3) === 0 ? this.#constant(type) : this.#expression(type, depth - 1)
    return `${this.#address(depth - 1)} ${value} ${type}.${this.#one(STORES[type])} offset=${this.#one(OFFSETS)}`
  }

  /** Locals exchange their values. */
  #swap(): string {
    const type = this.#one(TYPES)
    const all = Array.from({ length: 2 + this.#pick(3) }, () => this.#one(this.#byType[type]))
    const others = [...all.slice(1), all[0] as number]
    return `${all.map((i) => `local.get ${i}`).join(' ')} ${others.map((i) => `local.set ${i}`).join(' ')}`
  }

  #inside(depth: number, isLoop: boolean, counter = -1): string {
    this.#labels.push({ isLoop, type: undefined, counter })
    const code = this.#statements(depth - 1)
    this.#labels.pop()
    return code
  }

  #loop(depth: number): string {
    const { before, counter } = this.#newCounter()
    this.#labels.push({ isLoop: true, type: undefined, counter })
    const ends = this.#pick(4) === 0 ? `${this.#again(0)} ${this.#statements(depth - 1)}` : ''
    const body = `${this.#statements(depth - 1)} ${ends} ${this.#again(0)}`
    this.#labels.pop()
    this.#loops--
    return `${before} loop ${body} end`
  }

  #rare(depth: number): string {
    switch (this.#pick(5)) {
      case 0:
        return `${this.#condition(depth)} if unreachable end`
      case 1:
        return `${this.#own.result ? this.#expression(this.#own.result, depth - 1) : ''} return ${this.#dead(depth)}`
      case 2:
        return `${this.#expression(this.#one(TYPES), depth)} drop nop`
      default:
        return this.#set(depth)
    }
  }
}

/** Not all types are as likely: with five parameters, registers are short. */
function randomSignature(pick: Pick): Signature {
  const parameters = Array.from({ length: pick(6) }, () => TYPES[pick(2)] as WasmType)
  const result = ([undefined, 'i32', 'i64'] as const)[pick(3)]
  return { parameters, result }
}

export function randomModule(seed: number): TestModule {
  const pick = generator(seed)
  const count = 1 + pick(7)
  const signatures = Array.from({ length: count }, () => randomSignature(pick))
  const functions = signatures.map((_, i) =>
    new FunctionMaker(pick, i, signatures).make(`f${i}`, i === 0 || pick(3) === 0),
  )
  return { functions }
}

/** Calls of all exported functions, some times each. */
export function randomCalls({ functions }: TestModule, seed: number, times: number): Call[] {
  const pick = generator(seed + 0x1234567)
  return functions.flatMap(({ name, parameters = [], exported }) =>
    !exported
      ? []
      : Array.from({ length: times }, (): Call => {
          const args = parameters.map((type) => {
            const values = EDGES[type]
            return pick(3) > 0
              ? (values[pick(values.length)] as bigint)
              : (BigInt(pick(2 ** 31)) << 33n) ^ BigInt(pick(2 ** 31))
          })
          return [name, ...args.map((arg, i) => BigInt.asUintN(parameters[i] === 'i32' ? 32 : 64, arg))]
        }),
  )
}

/** Memory at the start: everything different, and the budget. */
export function fillWithBudget(memory: Uint8Array): void {
  fillMemory(memory)
  new DataView(memory.buffer).setInt32(BUDGET, BUDGET_CALLS, true)
}
