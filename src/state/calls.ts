/**
 * Calls of functions in a state: the VM runs in slices of fuel until it stops; requests are answered, synchronously or
 * not, and it goes on. Every call goes through the gate.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { COMMAND, G, LIMITS, REGISTRY, STOP } from '../isa/layout.ts'
import type { Argument } from './argument.ts'
import type { CallGate } from './call-gate.ts'
import type { Enter } from './engine.ts'
import { LuaError, OutOfFuel, OutOfMemory, StateError } from './errors.ts'
import type { FunctionWord, LuaFunctions } from './lua-function.ts'
import { LuaReference, type LuaValue, type StateMemory } from './memory.ts'
import type { Registry } from './registry.ts'
import type { Requests } from './requests.ts'
import type { ValueForms } from './value-forms.ts'
import { ValueReader } from './value-reader.ts'
import type { ValueWriter } from './value-writer.ts'

/** Arguments for which the stack always has room. */
const FEW = 16
/** The first slices are short, so that the WebAssembly engine can exchange its first code for better. */
const WARM_UP_SLICES = 40
const WARM_UP = 20_000
/** Milliseconds after which others get a turn. */
const TURN = 10
/** Instructions that the finalizers may execute when a state is closed. */
const FINAL_FUEL = 10_000_000
let slicesRun = 0

/** What calls work with. */
export interface CallParts {
  readonly memory: StateMemory
  readonly enter: Enter
  readonly gate: CallGate
  readonly writer: ValueWriter
  readonly reader: ValueReader
  readonly registry: Registry
  readonly requests: Requests
  readonly functions: LuaFunctions
  readonly forms: ValueForms
  readonly sliceLength: number
}

/** Begins a call: runs its first slice. Why the VM stopped. */
type Start = () => number

export class Calls {
  readonly #memory: StateMemory
  readonly #enter: Enter
  readonly #gate: CallGate
  readonly #writer: ValueWriter
  readonly #reader: ValueReader
  readonly #registry: Registry
  readonly #requests: Requests
  readonly #functions: LuaFunctions
  readonly #sliceLength: number
  /** Reads error values. */
  readonly #errors: ValueReader
  readonly #smallAsNumbers: boolean

  constructor(parts: CallParts) {
    this.#memory = parts.memory
    this.#enter = parts.enter
    this.#gate = parts.gate
    this.#writer = parts.writer
    this.#reader = parts.reader
    this.#registry = parts.registry
    this.#requests = parts.requests
    this.#functions = parts.functions
    this.#sliceLength = parts.sliceLength
    const { integers } = parts.forms
    this.#smallAsNumbers = integers !== 'bigint'
    // an error must not be lost because a number in its value is too large
    const lenient: ValueForms = { ...parts.forms, integers: integers === 'number' ? 'auto' : integers }
    this.#errors = new ValueReader(parts.memory, lenient, parts.functions)
  }

  /** Calls a global function, or one at a path; bindings must answer at once. */
  callSync(name: string, args: readonly Argument[]): LuaValue[] {
    const gate = this.#gate
    gate.begin()
    try {
      const results = this.#runSync(this.#invoke(name, args))
      gate.end()
      return results
    } catch (error) {
      gate.failed = true
      throw gate.giveUp(error)
    }
  }

  /** The same; others get a turn between slices, and bindings may answer later. */
  call(name: string, args: readonly Argument[]): Promise<LuaValue[]> {
    return this.runAsync(() => this.#invoke(name, args))
  }

  /** Runs the main function of a chunk. */
  load(chunk: Uint8Array, args: readonly Argument[]): Promise<LuaValue[]> {
    return this.runAsync(() => this.#startChunk(chunk, args))
  }

  loadSync(chunk: Uint8Array, args: readonly Argument[]): LuaValue[] {
    return this.#runWhole(() => this.#startChunk(chunk, args))
  }

  /** Makes a call; bindings must answer at once. */
  #runWhole(start: Start): LuaValue[] {
    const gate = this.#gate
    gate.begin()
    try {
      const results = this.#runSync(start())
      gate.end()
      return results
    } catch (error) {
      gate.failed = true
      throw gate.giveUp(error)
    }
  }

  /** Runs the main function of a chunk, and prints what it returns, if anything. That isn't logged. */
  async loadAndPrint(chunk: Uint8Array): Promise<void> {
    const { logging } = this.#requests
    try {
      await this.runAsync(
        () => this.#startChunk(chunk, []),
        () => this.#print(),
      )
    } finally {
      this.#requests.logging = logging
    }
  }

  /** Calls `print` with the results on the stack: the library's, whatever scripts do to the global. */
  async #print(): Promise<void> {
    const m = this.#memory
    const { builder } = this.#writer
    const count = (m.word(G.TOP) - m.bottom()) / 8
    if (count === 0) return
    this.#requests.logging = false
    this.#writer.require(builder.room(4))
    builder.pushRegistry(REGISTRY.PRINT)
    const [print, bottom] = [m.word(G.TOP) - 8, m.bottom()]
    const [payload, tag] = [m.word(print), m.word(print + 4)]
    m.bytes.copyWithin(bottom + 16, bottom, bottom + count * 8)
    m.setWord(bottom, payload)
    m.setWord(bottom + 4, tag)
    await this.#settle(this.#enter(COMMAND.CALL, 0, count))
  }

  /** Makes a call; `then` does more with its results on the stack. */
  async runAsync(start: Start, then?: () => Promise<void>): Promise<LuaValue[]> {
    const gate = this.#gate
    gate.begin()
    try {
      const first = start()
      if (first !== STOP.DONE) await this.#settle(first)
      if (then) await then()
      const results = this.#results()
      gate.end()
      return results
    } catch (error) {
      gate.failed = true
      throw gate.giveUp(error)
    }
  }

  /** Calls a function that may yield; between its steps the call is parked. `own` gets the number of the call. */
  *iterate(name: string, args: readonly Argument[], own: { call: number }): Steps {
    const gate = this.#gate
    gate.begin()
    const { number } = gate
    own.call = number
    try {
      this.#memory.setWord(G.YIELDABLE, 1)
      let reason = this.#invoke(name, args)
      for (; reason !== STOP.DONE; reason = this.slice()) {
        if (reason !== STOP.YIELD) {
          this.#serveSync(reason)
          continue
        }
        const values = this.#requests.arguments()
        gate.park()
        const answer = (yield values) ?? []
        gate.unpark(number)
        this.#resumeWith(answer)
      }
      this.#memory.setWord(G.YIELDABLE, 0)
      const results = this.#results()
      gate.end()
      return results
    } catch (error) {
      // another call may have ended this one
      throw gate.isUnderWay(number) ? gate.giveUp(error) : error
    } finally {
      if (gate.isUnderWay(number)) gate.giveUp(undefined)
    }
  }

  /** Makes values the results of the yield under way. */
  #resumeWith(values: readonly Argument[]): void {
    this.#writer.pushAll(copyOfList(values), (number) => `result ${number} of the yield`)
    this.#enter(COMMAND.RESUME, values.length, 0)
  }

  #startChunk(chunk: Uint8Array, args: readonly Argument[]): number {
    this.#writer.require(this.#writer.pushChunk(chunk))
    return this.run(COMMAND.CALL, 0, args)
  }

  callFunction(word: FunctionWord, args: readonly Argument[]): Promise<LuaValue[]> {
    return this.runAsync(() => this.#startFunction(word, args))
  }

  callFunctionSync(word: FunctionWord, args: readonly Argument[]): LuaValue[] {
    return this.#runWhole(() => this.#startFunction(word, args))
  }

  #startFunction(word: FunctionWord, args: readonly Argument[]): number {
    this.#writer.builder.pushWord(word.tag, word.payload)
    return this.run(COMMAND.CALL, 0, args)
  }

  /** Runs the first slice of a call of a global. Why the VM stopped. */
  #invoke(name: string, args: readonly Argument[]): number {
    const key = this.#registry.knownKey(name) ?? this.#registry.keyOf(name)
    if (key === undefined) this.#registry.pushGlobal(name)
    return this.run(COMMAND.CALL, key ?? 0, args)
  }

  /** Writes the arguments from R[2] on and runs the first slice. */
  run(command: number, callee: number, args: readonly Argument[]): number {
    const words = this.#memory.words
    let at = ((words[G.BASE >>> 2] as number) + 16) >>> 2
    if (args.length > FEW) return this.#runWith(command, callee, args, 0)
    for (let i = 0; i < args.length; i++) {
      const arg = args[i]
      if (typeof arg !== 'number' || (arg | 0) !== arg) return this.#runWith(command, callee, args, i)
      words[at] = arg
      words[at + 1] = arg >> 31
      at += 2
    }
    return this.#enterCall(command, callee, args.length)
  }

  #enterCall(command: number, callee: number, count: number): number {
    this.#requests.forget()
    this.#warmUp()
    return this.#enter(command, callee, command === COMMAND.HOOK ? ~count : count)
  }

  /** The same from argument `first` on, for arguments of any type. */
  #runWith(command: number, callee: number, args: readonly Argument[], first: number): number {
    this.#writer.pushArguments(args, first)
    return this.#enterCall(command, callee, args.length)
  }

  /** Sets the length of the next slice. */
  #warmUp(): void {
    const warm = slicesRun >= WARM_UP_SLICES
    if (!warm) slicesRun++
    this.#memory.setWord(G.SLICE, warm ? this.#sliceLength : Math.min(WARM_UP, this.#sliceLength))
  }

  /** Goes on with a slice, if the call may go on. Why the VM stopped. @throws StateError `CLOSED`, LuaError */
  slice(): number {
    this.#warmUp()
    return this.goOn()
  }

  /** The same with a slice as long as the one before. */
  goOn(): number {
    if (this.#gate.disturbed && this.#gate.checkpoint()) this.#raiseBetween()
    return this.#enter(COMMAND.RUN, 0, 0)
  }

  /** Raises an error between two instructions, where the values on top are the script's: above all of them. */
  #raiseBetween(): void {
    this.#memory.setWord(G.TOP, this.#memory.word(G.STACK_END))
    this.#requests.raise(INTERRUPTED)
  }

  /** Serves the VM until the call has ended; `first` is why it stopped first. */
  #runSync(first: number): LuaValue[] {
    for (let reason = first; reason !== STOP.DONE; reason = this.slice()) this.#serveSync(reason)
    return this.#results()
  }

  /** Deals with a stop other than the end of the call; bindings must answer at once. */
  #serveSync(reason: number): void {
    if (reason === STOP.ERROR) throw this.#failure()
    if (reason === STOP.REQUEST) this.serveAtOnce()
  }

  /** Answers a request. @throws StateError `ASYNC_BINDING` if a binding answers later */
  serveAtOnce(): void {
    const answer = this.#requests.serve()
    if (answer === undefined) return
    ignore(answer)
    throw new StateError(
      'ASYNC_BINDING',
      'Cannot wait for a binding: it answers asynchronously; use call or load',
    )
  }

  /** Answers a request, which may take time; an interruption ends the wait. @throws StateError `CLOSED`, LuaError */
  async serveLater(answer: PromiseLike<unknown>): Promise<void> {
    let outcome: Awaited<ReturnType<CallGate['wait']>>
    try {
      outcome = await this.#gate.wait(answer)
    } finally {
      this.#requests.waited()
    }
    if (this.#gate.disturbed && this.#gate.checkpoint()) this.#requests.raise(INTERRUPTED)
    else if (outcome) this.#requests.settle(outcome)
  }

  /** Serves the VM until the call has ended, with turns for others between slices. */
  async #settle(first: number): Promise<void> {
    let turn = performance.now()
    for (let reason = first; reason !== STOP.DONE; reason = this.slice()) {
      if (reason === STOP.ERROR) throw this.#failure()
      if (reason === STOP.REQUEST) {
        const answer = this.#requests.serve(true)
        if (answer) await this.serveLater(answer)
      }
      if (performance.now() - turn > TURN) {
        this.#gate.insist()
        await this.#gate.wait(nextTurn())
        turn = performance.now()
      }
    }
  }

  #results(): LuaValue[] {
    const words = this.#memory.words
    const bottom = words[G.BASE >>> 2] as number
    const top = words[G.TOP >>> 2] as number
    const results: LuaValue[] = []
    for (let at = bottom; at < top; at += 8) {
      const low = words[at >>> 2] as number
      // a small integer, or anything else
      const isSmall = words[(at >>> 2) + 1] === low >> 31 && this.#smallAsNumbers
      results.push(isSmall ? low : this.#reader.read(at))
    }
    this.#functions.keep()
    words[G.TOP >>> 2] = bottom
    words[G.LEASE >>> 2] = (words[G.LEASE >>> 2] as number) + 1
    return results
  }

  /** The error value, at the bottom of the stack. */
  #errorValue(): LuaValue {
    const m = this.#memory
    const at = m.bottom()
    const [payload, tag] = [m.word(at), m.word(at + 4)]
    const value = this.#errors.read(at)
    this.#enter(COMMAND.RESET, 0, 0)
    try {
      this.#writer.builder.pushWord(tag, payload) // keeps functions in it alive
      this.#functions.keep()
    } catch (error) {
      if (!(error instanceof OutOfMemory)) throw error // then its functions count as released
    }
    return value
  }

  /** The typed error that the call has ended with. */
  #failure(): LuaError {
    const m = this.#memory
    const grace = m.word(G.GRACE)
    const value = grace === 2 ? 'out of fuel' : this.#errorValue()
    const isMemory =
      m.word(G.ERRORS) !== 0 && typeof value === 'string' && value.endsWith('not enough memory')
    const cause = this.#requests.causeOf(value)
    const traceback = this.#registry.left(REGISTRY.TRACEBACK)
    const described = this.#registry.left(REGISTRY.MESSAGE)
    const message = typeof value === 'string' ? value : described || describeError(value)
    const options = cause === undefined ? undefined : { cause }
    if (grace !== 0) return new OutOfFuel(message, value, traceback, options)
    if (isMemory) return new OutOfMemory(message, value, traceback, options)
    return new LuaError(message, value, traceback, options)
  }

  /** Runs the finalizers of all objects that have one, while the state is being closed. */
  finalize(): void {
    const m = this.#memory
    if (!m.word(G.GC_FINOBJ)) return
    m.setCount(G.CALL_FUEL, Math.min(m.count(G.CALL_FUEL), FINAL_FUEL))
    if (!this.#enter(COMMAND.FINALIZE, 0, 0)) return
    let reason = this.#finalSlice()
    for (; reason === STOP.FUEL || reason === STOP.REQUEST; reason = this.#finalSlice()) {
      const answer = reason === STOP.REQUEST ? this.#requests.serve() : undefined
      if (answer === undefined) continue
      ignore(answer)
      return // nobody can wait for what answers later
    }
  }

  /** A slice that runs while the state is being closed. */
  #finalSlice(): number {
    this.#warmUp()
    return this.#enter(COMMAND.RUN, 0, 0)
  }
}

export type Steps = Generator<LuaValue[], LuaValue[], readonly Argument[] | undefined>

const INTERRUPTED = 'interrupted!'

/** An answer that nobody waits for is nobody's, and so is its error. */
function ignore(answer: PromiseLike<unknown>): void {
  Promise.resolve(answer).catch(() => {})
}

/** A real array of what `next` was given. @throws StateError `BAD_VALUE` */
function copyOfList(values: readonly Argument[]): readonly Argument[] {
  try {
    if (Array.isArray(values) && values.length <= LIMITS.STACK_SLOTS) return Array.from(values)
  } catch {
    // a proxy that is no array any more
  }
  throw new StateError(
    'BAD_VALUE',
    'Cannot go on with the iteration: next takes the results of the yield as an array',
  )
}

function describeError(value: LuaValue): string {
  if (value === null) return 'nil'
  if (value instanceof Uint8Array) return Buffer.from(value).toString()
  if (value instanceof LuaReference) return `(error object is a ${value.type} value)`
  return typeof value === 'object' ? '(error object is a table value)' : String(value)
}
