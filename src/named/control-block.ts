/**
 * The control block of a state as programs read it: what it is, what its hooks have counted, and its log. Nothing
 * here waits for anybody or stops anything. The layout is CONTROL, HOOK and LOG of src/isa/layout.ts.
 */
import type { AskedLimits, CallLimits } from '../hook/limits.ts'
import { CONTROL, type CONTROL_STATUS, G, HOOK, HOOK_STATUS, MEMORY, OBJECT, RULE } from '../isa/layout.ts'
import { type Rule, writeRule } from '../packet/rule-record.ts'
import { StateError } from '../state/errors.ts'
import type { HookFigures } from './description.ts'
import { countsOf, mean, quantile, sum } from './histogram.ts'

/** `MRNG`, little-endian. */
export const MAGIC = 0x474e524d

const NAME_BYTES = 48
const TARGET_BYTES = HOOK.TIMES - HOOK.TARGET
const DEFAULT_BYTES = HOOK.CALLS - HOOK.DEFAULT
const TEXT_BYTES = CONTROL.LIBRARIES - CONTROL.DESCRIPTION
/** Counters of calls by verdict. */
const VERDICTS = 8
const VERSION_BYTES = MEMORY.CONTROL - MEMORY.VERSION

/** A hook's part of the control block. */
export interface HookRecord {
  readonly slot: number
  /** Its address. */
  readonly address: number
}

export class ControlBlock {
  readonly address: number
  readonly #bytes: Uint8Array
  readonly #words: Int32Array
  readonly #longs: BigInt64Array

  /** Of a state's memory, whose control block is at `address`. */
  constructor(buffer: ArrayBuffer, address: number) {
    this.address = address
    this.#bytes = new Uint8Array(buffer)
    this.#words = new Int32Array(buffer)
    this.#longs = new BigInt64Array(buffer)
  }

  /** Who made the memory, and with which layout; undefined if it holds no state. */
  static identify(buffer: ArrayBuffer): { readonly version: string; readonly layout: number } | undefined {
    const words = new Int32Array(buffer)
    if (words[MEMORY.MAGIC >>> 2] !== MAGIC) return undefined
    const bytes = new Uint8Array(buffer, MEMORY.VERSION, VERSION_BYTES)
    return { version: textOf(bytes), layout: (words[MEMORY.LAYOUT >>> 2] as number) >>> 0 }
  }

  /** Says which Moonring has made the memory, and with which layout. */
  sign(version: string, layout: number): void {
    this.#writeText(MEMORY.VERSION, VERSION_BYTES, version)
    this.#words[MEMORY.LAYOUT >>> 2] = layout | 0
    this.#words[MEMORY.MAGIC >>> 2] = MAGIC
  }

  word(at: number): number {
    return this.#words[at >>> 2] as number
  }

  setWord(at: number, value: number): void {
    this.#words[at >>> 2] = value
  }

  count(at: number): number {
    return Number(Atomics.load(this.#longs, at >>> 3))
  }

  setLong(at: number, value: bigint): void {
    Atomics.store(this.#longs, at >>> 3, value)
  }

  long(at: number): bigint {
    return Atomics.load(this.#longs, at >>> 3)
  }

  get status(): number {
    return this.word(this.address + CONTROL.STATUS)
  }

  set status(status: (typeof CONTROL_STATUS)[keyof typeof CONTROL_STATUS]) {
    this.setWord(this.address + CONTROL.STATUS, status)
  }

  /** Whether the kernel has had to stop the VM: the state can't be used any more. */
  get broken(): boolean {
    return this.word(MEMORY.TRAP) !== 0
  }

  get description(): string {
    return this.#text(this.address + CONTROL.DESCRIPTION, TEXT_BYTES)
  }

  set description(text: string) {
    this.#writeText(this.address + CONTROL.DESCRIPTION, TEXT_BYTES, text)
  }

  get libraries(): string[] {
    const text = this.#text(this.address + CONTROL.LIBRARIES, TEXT_BYTES)
    return text === '' ? [] : text.split(',')
  }

  set libraries(names: readonly string[]) {
    this.#writeText(this.address + CONTROL.LIBRARIES, TEXT_BYTES, names.join(','))
  }

  get memory(): { used: number; limit: number; peak: number } {
    const fixed = MEMORY.HEAP
    return { used: this.word(G.USED) + fixed, limit: this.word(G.LIMIT), peak: this.word(G.PEAK) + fixed }
  }

  get collections(): number {
    return this.word(G.GC_COUNT)
  }

  /** What the state's maker has said about calls of hooks. */
  get asked(): AskedLimits {
    const at = (field: number) => this.count(this.address + field) || undefined
    return { fuel: at(CONTROL.HOOK_FUEL), deadline: at(CONTROL.HOOK_DEADLINE) }
  }

  /** What bounds a call of a hook. */
  limitsOf({ address }: HookRecord): CallLimits {
    return {
      fuel: this.count(address + HOOK.FUEL_LIMIT),
      deadline: this.count(address + HOOK.TIME_LIMIT),
      wait: this.word(address + HOOK.WAIT),
    }
  }

  setLimits({ address }: HookRecord, { fuel, deadline, wait }: CallLimits): void {
    this.setLong(address + HOOK.FUEL_LIMIT, BigInt(fuel))
    this.setLong(address + HOOK.TIME_LIMIT, BigInt(deadline))
    this.setWord(address + HOOK.WAIT, wait)
  }

  /** The record of a slot. */
  hook(slot: number): HookRecord {
    return { slot, address: this.address + CONTROL.HOOKS + slot * HOOK.BYTES }
  }

  /** Records of a status. */
  hooks(status: number = HOOK_STATUS.ACTIVE): HookRecord[] {
    const records = Array.from({ length: HOOK.COUNT }, (_, slot) => this.hook(slot))
    return records.filter((record) => this.word(record.address + HOOK.STATUS) === status)
  }

  nameOf({ address }: HookRecord): string {
    return this.#text(address + HOOK.NAME, NAME_BYTES)
  }

  targetOf({ address }: HookRecord): string {
    return this.#text(address + HOOK.TARGET, TARGET_BYTES)
  }

  /** The name of the verdict when a call fails. */
  defaultOf({ address }: HookRecord): string {
    return this.#text(address + HOOK.DEFAULT, DEFAULT_BYTES)
  }

  /** The name of the function that a hook calls. */
  functionOf({ address }: HookRecord): string {
    const name = this.word(address + HOOK.FUNCTION)
    return name === 0
      ? ''
      : Buffer.from(
          this.bytesAt(name + OBJECT.STRING.DATA, this.word(name + OBJECT.STRING.LENGTH)),
        ).toString()
  }

  /** Clears a record and names it; its status stays as it is. */
  nameHook({ address }: HookRecord, name: string, target: string, verdict: string): void {
    this.#bytes.fill(0, address + 4, address + HOOK.BYTES)
    this.#writeText(address + HOOK.NAME, NAME_BYTES, name)
    this.#writeText(address + HOOK.TARGET, TARGET_BYTES, target)
    this.#writeText(address + HOOK.DEFAULT, DEFAULT_BYTES, verdict)
  }

  /**
   * Gives a hook its rules, where there is room among those of others.
   * @throws StateError `BAD_OPTION`
   */
  setRules({ address }: HookRecord, rules: readonly Rule[]): void {
    this.setWord(address + HOOK.RULES_COUNT, 0)
    const from = this.#roomForRules(rules.length)
    for (const [i, rule] of rules.entries()) writeRule(this.bytesAt(from + i * RULE.BYTES, RULE.BYTES), rule)
    this.setWord(address + HOOK.RULES, from)
    this.setWord(address + HOOK.RULES_COUNT, rules.length)
  }

  /** The address of so many rules that no hook uses. */
  #roomForRules(count: number): number {
    const start = this.address + CONTROL.RULES
    const used = Array.from({ length: HOOK.COUNT }, (_, slot) => this.hook(slot).address)
      .filter((at) => this.word(at + HOOK.STATUS) !== HOOK_STATUS.FREE)
      .map((at) => [this.word(at + HOOK.RULES), this.word(at + HOOK.RULES_COUNT)] as const)
      .sort(([a], [b]) => a - b)
    let from = start
    for (const [at, taken] of used) {
      if (taken === 0) continue
      if (from + count * RULE.BYTES <= at) break
      from = at + taken * RULE.BYTES
    }
    if (from + count * RULE.BYTES <= start + RULE.COUNT * RULE.BYTES) return from
    throw new StateError('BAD_OPTION', `Cannot attach: the hooks of a state have ${RULE.COUNT} rules at most`)
  }

  /** Whether a text fits into the record of a hook. */
  static fitsTarget(target: string): boolean {
    return Buffer.byteLength(target) < TARGET_BYTES
  }

  static fitsDescription(text: string): boolean {
    return Buffer.byteLength(text) < TEXT_BYTES
  }

  /** What a hook has counted so far. */
  figures({ address }: HookRecord): HookFigures {
    const count = (at: number) => this.count(address + at)
    const times = countsOf(this.#longs, address + HOOK.TIMES)
    const fuels = countsOf(this.#longs, address + HOOK.FUELS)
    const fallbacks = {
      error: count(HOOK.ERRORS),
      fuel: count(HOOK.FUEL),
      deadline: count(HOOK.OVERDUE),
      memory: count(HOOK.MEMORY),
      nonsense: count(HOOK.NONSENSE),
      contended: count(HOOK.CONTENDED),
      interrupted: count(HOOK.INTERRUPTED),
      broken: count(HOOK.BROKEN),
    }
    const reached = count(HOOK.CALLS)
    return {
      calls: reached + fallbacks.contended + fallbacks.interrupted + fallbacks.broken,
      errors: fallbacks.error + fallbacks.fuel + fallbacks.deadline + fallbacks.memory + fallbacks.nonsense,
      fallbacks,
      time: {
        mean: mean(count(HOOK.TIME_SUM), sum(times)),
        p50: quantile(times, 0.5),
        p99: quantile(times, 0.99),
      },
      fuel: {
        mean: mean(count(HOOK.FUEL_SUM), reached),
        p50: quantile(fuels, 0.5),
        p99: quantile(fuels, 0.99),
      },
      times,
      fuels,
      sums: { time: count(HOOK.TIME_SUM), fuel: count(HOOK.FUEL_SUM) },
      verdicts: Array.from({ length: VERDICTS }, (_, i) => count(HOOK.VERDICTS + 8 * i)),
    }
  }

  /** Bytes of memory, live. */
  bytesAt(address: number, length: number): Uint8Array {
    return this.#bytes.subarray(address, address + length)
  }

  #text(at: number, size: number): string {
    return textOf(this.#bytes.subarray(at, at + size))
  }

  #writeText(at: number, size: number, text: string): void {
    const bytes = this.#bytes.subarray(at, at + size).fill(0)
    bytes.set(Buffer.from(text).subarray(0, size - 1))
  }
}

/** Text up to the first zero. */
function textOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0)
  return Buffer.from(bytes.subarray(0, end < 0 ? bytes.length : end)).toString()
}
