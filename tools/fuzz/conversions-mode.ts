/** Mode `conversions`: values of either side through the other one and back, in both engines. */
import { isDeepStrictEqual } from 'node:util'
import { COMMAND } from '../../src/isa/layout.ts'
import type { Argument } from '../../src/state/argument.ts'
import type { Instance } from '../../src/state/engine.ts'
import { LuaError, StateError } from '../../src/state/errors.ts'
import { KernelInstance } from '../../src/state/kernel-engine.ts'
import { internalsOf, State } from '../../src/state/state.ts'
import { checkHeap } from '../../test/heap-check.ts'
import type { FuzzMode, FuzzRun } from './mode.ts'
import { Random } from './random.ts'

const MEMORY = 1 << 20
/** Values of a case: one state takes them all. */
const VALUES = 20

/** What can't be passed, and how the refusal begins to name it. */
const REFUSED: readonly (readonly [value: () => unknown, reason: string])[] = [
  [() => 0.5, 'is 0.5'],
  [() => Number.NaN, 'is NaN'],
  [() => 2 ** 64, 'is 18446744073709552000'],
  [() => 1n << 63n, 'is a bigint'],
  [() => Symbol('s'), 'is a symbol'],
  [() => new Date(0), 'is a Date'],
  [() => new Set([1]), 'is a Set'],
  [() => new DataView(new ArrayBuffer(8)), 'is a DataView'],
  [() => new Int8Array(2), 'is an Int8Array'],
  [() => '\ud800', 'is a string with half'],
  [() => ({ [Symbol('k')]: 1 }), 'has the key Symbol(k)'],
  [
    () =>
      new Proxy(
        {},
        {
          ownKeys() {
            throw new Error('no keys')
          },
        },
      ),
    "can't be read: no keys",
  ],
]

const EDGES: readonly (number | bigint)[] = [
  0,
  1,
  -1,
  127,
  2 ** 31 - 1,
  2 ** 31,
  -(2 ** 31),
  2 ** 32,
  2 ** 53 - 1,
  1 - 2 ** 53,
  1n << 62n,
  (1n << 63n) - 1n,
  -(1n << 63n),
  (1n << 53n) + 1n,
]
const LETTERS = ['a', 'Z', '0', '\0', '\n', 'é', '€', '😀', '\u007f', '\u0080', '\ufeff', '__proto__']

/** A value that has come back, with its tables as ordinary Maps: `isDeepStrictEqual` compares classes, too. */
function ordinary(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordinary)
  if (value instanceof Map) return new Map([...value].map(([key, field]) => [key, ordinary(field)]))
  return value
}

class Values {
  readonly #random: Random
  /** The reason of the value that will be refused, if there is one. */
  refusal: string | undefined

  constructor(random: Random) {
    this.#random = random
  }

  text(): string {
    return this.#random.some(0, this.#random.one([3, 30, 50]), () => this.#random.one(LETTERS)).join('')
  }

  /** Bytes that are no UTF-8, which come back as bytes. */
  bytes(): Uint8Array {
    return Uint8Array.from([0xff, ...this.#random.some(0, 60, () => this.#random.below(256))])
  }

  scalar(): unknown {
    const r = this.#random
    return r.call<unknown>([
      () => r.one(EDGES),
      () => r.below(2 ** 31),
      () => this.text(),
      () => r.chance(50),
    ])
  }

  value(depth: number): unknown {
    const r = this.#random
    if (this.refusal === undefined && r.chance(1)) {
      const [make, reason] = r.one(REFUSED)
      this.refusal = reason
      return make()
    }
    if (depth === 0 || r.chance(40)) return r.chance(15) ? this.bytes() : this.scalar()
    if (r.chance(50)) return r.some(0, 9, () => this.value(depth - 1))
    const keys = new Set(r.some(1, 9, () => `k${this.text()}`))
    return new Map([...keys].map((key) => [key, this.value(depth - 1)]))
  }

  /** A value as an expression of Lua, with keys of all kinds. */
  expression(depth: number): string {
    const r = this.#random
    const integer = () => r.one(['0', '1', '-7', 'math.mininteger', 'math.maxinteger', '1 << 53', '1 << 31'])
    const text = () => `'${r.some(0, 30, () => r.one(['a', '\\0', '\\255', '\\xc3\\xa9', '\\n'])).join('')}'`
    const plain = () => r.call([integer, text, () => 'true', () => 'false', () => 'print', () => 'shared'])
    if (depth === 0 || r.chance(30)) return plain()
    const key = () => r.call([integer, text, () => 'true', () => 'shared', () => String(r.below(12))])
    const fields = r.some(0, 9, () =>
      r.chance(50) ? `[${key()}] = ${this.expression(depth - 1)}` : this.expression(depth - 1),
    )
    return `{ ${fields.join(', ')} }`
  }
}

/** Compares any two values, tables by what is in them; keys that are tables by identity of what they became. */
const SAME = `shared = { 'shared' }
function same(...) return ... end
local function count(t) local n = 0 for _ in next, t do n = n + 1 end return n end
local function equal(a, b, known)
  if type(a) ~= 'table' or type(b) ~= 'table' then return a == b end
  if known[a] then return known[a] == b end
  known[a] = b
  if count(a) ~= count(b) then return false end
  for k, v in next, a do
    local other = k
    if type(k) == 'table' then
      other = nil
      for l in next, b do if type(l) == 'table' then other = l end end
    end
    if other == nil or not equal(v, b[other], known) then return false end
  end
  return true
end
function compare(list) return equal(original, list[1], {}) end`

class ConversionsRun implements FuzzRun {
  readonly #kernel: KernelInstance | undefined
  #refused = 0

  constructor(kernel: boolean) {
    this.#kernel = kernel ? KernelInstance.create(MEMORY) : undefined
  }

  difference(seed: number): string | undefined {
    return (
      this.#run('user space', seed) ?? (this.#kernel && this.#run('the kernel', seed, () => this.#lend()))
    )
  }

  #lend(): Instance {
    const { buffer, enter } = this.#kernel as KernelInstance
    new Uint8Array(buffer).fill(0)
    return { buffer, enter, close() {} }
  }

  #run(engine: string, seed: number, make?: () => Instance): string | undefined {
    const random = new Random(seed)
    const state = new State({ memory: MEMORY, seed: 1 }, make)
    try {
      state.loadSync(SAME)
      for (let i = 0; i < VALUES; i++) {
        const fault = random.chance(50) ? this.#fromJavaScript(state, random) : this.#fromLua(state, random)
        if (fault !== undefined) return `in ${engine}: ${fault}`
      }
      const { memory, enter } = internalsOf(state)
      for (let i = 0; i < 2; i++) while (enter(COMMAND.COLLECT, 0, 0) === 0);
      const problems = checkHeap(memory)
      return problems.length > 0 ? `in ${engine}: the heap is damaged: ${problems.join('; ')}` : undefined
    } finally {
      state.close()
    }
  }

  #fromJavaScript(state: State, random: Random): string | undefined {
    const values = new Values(random)
    const value = [values.value(4)]
    try {
      const [back] = state.callSync('same', value as Argument)
      if (values.refusal !== undefined) return `not refused, though it ${values.refusal}`
      return isDeepStrictEqual(ordinary(back), value) ? undefined : 'a value has come back as another one'
    } catch (error) {
      this.#refused++
      const isNamed = error instanceof StateError && error.code === 'BAD_VALUE'
      if (isNamed && values.refusal !== undefined && error.message.includes(values.refusal)) return undefined
      return `${error}, expected: ${values.refusal ?? 'no error'}`
    }
  }

  #fromLua(state: State, random: Random): string | undefined {
    const text = new Values(random).expression(3)
    try {
      const [value] = state.loadSync(`original = ${text} return original`)
      const [isSame] = state.callSync('compare', [value] as Argument) // bytes alone would be lent as a block
      return isSame === true ? undefined : `${text} has come back as another value`
    } catch (error) {
      return error instanceof LuaError ? `${text}: ${error.message}` : `${text}: ${error}`
    }
  }

  summary(): string {
    return `${this.#refused} values refused`
  }

  close(): void {
    this.#kernel?.close()
  }
}

export const CONVERSIONS_MODE: FuzzMode = {
  name: 'conversions',
  about: 'values of JavaScript through Lua and back, and the other way round',
  start: ({ kernel }) => new ConversionsRun(kernel),
}
