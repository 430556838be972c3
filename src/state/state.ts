/**
 * A Lua state and its driver: the VM runs in slices of fuel until it stops; requests are answered here,
 * synchronously or not, and it goes on.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { COMMAND, CONTROL, G, HOOK, MEMORY, REGISTRY, REQUEST, STOP, TAG } from '../isa/layout.ts'
import type { ProgramStatistics } from '../kernel/program.ts'
import { compile } from '../lang/compile.ts'
import type { Argument, HostFunction } from './argument.ts'
import type { Enter, Instance } from './engine.ts'
import { LuaError, OutOfFuel, OutOfMemory, StateError } from './errors.ts'
import { Builder } from './image.ts'
import { LuaReference, type LuaValue, StateMemory } from './memory.ts'
import { Registry } from './registry.ts'
import { Requests } from './requests.ts'
import { StateLock } from './state-lock.ts'
import { checkOptions, fillMemory, type StateOptions, sliceOf } from './state-options.ts'
import { nanosecondsSinceBoot } from './time.ts'
import { instantiate } from './user-engine.ts'
import { ValueWriter } from './value-writer.ts'

/** Arguments for which the stack always has room. */
const FEW = 16
/** The first slices are short, so that the WebAssembly engine can exchange its first code for better. */
const WARM_UP_SLICES = 40
const WARM_UP = 20_000
/** Instructions that the finalizers may execute when a state is closed. */
const FINAL_FUEL = 10_000_000
let slicesRun = 0

/** What lies below a state, for tests and for hooks. */
export interface Internals {
  readonly memory: StateMemory
  readonly enter: Enter
  /** Address of an interned name, which stays where it is. */
  readonly key: (name: string) => number
  /** Makes the functions of a library known under their numbers, which are returned; those without one are not served. */
  readonly grant: (
    library: string,
    functions: Readonly<Record<string, HostFunction | undefined>>,
  ) => Map<string, number>
  /** Puts a value into the registry, under a number. */
  readonly setRegistry: (key: number, value: Argument) => void
  /** Calls the function of a hook, by the address of its record: the verdict. */
  readonly callHook: (record: number, args: readonly Argument[]) => Promise<number>
  /** The same with the packet in a slot, at once. `fetch` gives what the VM asks for of the packet. */
  readonly callPacket: (record: number, slot: number, fetch: () => void) => number
  /** COMMAND.PACKET_DIRTY */
  readonly nextDirty: () => number
}
export let internalsOf: (state: State) => Internals

export class State {
  readonly #instance: Instance
  readonly #enter: Enter
  readonly #memory: StateMemory
  readonly #builder: Builder
  readonly #writer: ValueWriter
  readonly #registry: Registry
  readonly #requests: Requests
  readonly #lock: StateLock | undefined
  /** Whether the lock is held for a sequence of calls. */
  #held = false
  #busy = false
  #calls = 0
  #closed = false
  /** What `memory` said when the state was closed: its memory is gone. */
  #lastMemory: State['memory'] | undefined
  #interrupted = false
  readonly #sliceLength: number

  static {
    internalsOf = (state) => ({
      memory: state.#memory,
      enter: state.#enter,
      key(name) {
        state.#start()
        const address = state.#registry.key(name)
        state.#finish()
        return address
      },
      setRegistry(key, value) {
        state.#start()
        state.#registry.set(key, value)
        state.#finish()
      },
      grant: (library, functions) => state.#grant(library, functions),
      callHook: (record, args) => state.#callHook(record, args),
      callPacket: (record, slot, fetch) => state.#callPacket(record, slot, fetch),
      nextDirty: () => state.#enter(COMMAND.PACKET_DIRTY, 0, 0),
    })
  }

  /**
   * A new state with its libraries. Throws StateError for options out of range; for a state in the kernel also
   * NotPermitted, NotAvailable or VerifierError.
   */
  static async create(options: StateOptions = {}): Promise<State> {
    if (options.engine !== 'kernel') return new State(options)
    const { KernelInstance } = await import('./kernel-engine.ts')
    return new State(options, (bytes) => KernelInstance.create(bytes))
  }

  /**
   * The same without waiting, for states in user space. Where `engine` gives memory that holds a state already, that
   * is used as it is.
   */
  constructor(options: StateOptions = {}, engine?: (bytes: number) => Instance) {
    if (options.engine === 'kernel' && !engine)
      throw new StateError('BAD_OPTION', 'Cannot create a state in the kernel at once: use State.create')
    const { limit, libraries } = checkOptions(options)
    this.#instance = (engine ?? instantiate)(limit)
    const { enter, buffer, control } = this.#instance
    this.#enter = enter
    this.#memory = new StateMemory(buffer)
    this.#sliceLength = sliceOf(options)
    if (this.#memory.word(G.HEAP_TOP) === 0) {
      fillMemory(this.#memory, options, libraries, limit)
      this.#memory.setWord(MEMORY.CONTROL, control ?? 0)
    }
    this.#builder = new Builder(this.#memory, enter)
    this.#writer = new ValueWriter(this.#builder, () => this.#abandon())
    this.#registry = new Registry(this.#writer)
    const state = this
    this.#requests = new Requests(this.#writer, options, {
      get number() {
        return state.#calls
      },
      isCurrent: (call) => call === this.#calls && this.#busy,
    })
    this.#lock = control === undefined ? undefined : new StateLock(buffer, control + CONTROL.LOCK)
  }

  /** Bytes in use and at the most. */
  get memory(): { used: number; limit: number; peak: number } {
    if (this.#lastMemory) return this.#lastMemory
    const m = this.#memory
    const fixed = MEMORY.HEAP
    return { used: m.word(G.USED) + fixed, limit: m.word(G.LIMIT), peak: m.word(G.PEAK) + fixed }
  }

  /** Instructions that the last call has executed. */
  get fuelUsed(): number {
    if (this.#closed) return 0
    const m = this.#memory
    return m.count(G.CALL_FUEL) - m.count(G.BUDGET) - m.count(G.FUEL)
  }

  /** What the verifier and the JIT compiler made of the state's program; undefined in user space, or once it is closed. */
  get program(): ProgramStatistics | undefined {
    return this.#closed ? undefined : this.#instance.statistics?.()
  }

  /** Makes functions available to scripts as fields of the global table `library`. */
  register(library: string, functions: Readonly<Record<string, HostFunction>>): void {
    this.#grant(library, functions)
  }

  #grant(
    library: string,
    functions: Readonly<Record<string, HostFunction | undefined>>,
  ): Map<string, number> {
    this.#start()
    const b = this.#builder
    const numbers = new Map<string, number>()
    this.#writer.require(b.make(COMMAND.TABLE, 0, Object.keys(functions).length) !== 0)
    for (const [name, f] of Object.entries(functions)) {
      const number = this.#registry.hostNumber(`${library}.${name}`)
      this.#requests.hosts[number] = f
      numbers.set(name, number)
      this.#writer.require(b.setField(name, TAG.HOST, number))
    }
    const table = b.topObject()
    b.pushWord(TAG.TABLE, this.#memory.word(G.GLOBALS))
    this.#writer.require(b.setField(library, TAG.TABLE, table))
    this.#finish()
    return numbers
  }

  /** Sets a global variable. */
  setGlobal(name: string, value: Argument): void {
    this.#start()
    this.#builder.pushWord(TAG.TABLE, this.#memory.word(G.GLOBALS))
    this.#writer.require(this.#builder.pushText(name))
    this.#writer.push(value)
    this.#writer.require(this.#builder.make(COMMAND.SET, 0, 0) !== 0)
    this.#finish()
  }

  /**
   * Compiles a script and runs its main function with `args`. Returns what it returns.
   * Throws CompileError, LuaError, OutOfFuel or OutOfMemory.
   */
  async load(
    source: string | Uint8Array,
    options: { name?: string; args?: readonly Argument[] } = {},
  ): Promise<LuaValue[]> {
    return this.#runAsync(this.#loadChunk(source, options))
  }

  /** The same, blocking until the script has ended; bindings must answer synchronously. */
  loadSync(
    source: string | Uint8Array,
    options: { name?: string; args?: readonly Argument[] } = {},
  ): LuaValue[] {
    return this.#runSync(this.#loadChunk(source, options))
  }

  /** Compiles and loads a script and runs the first slice of its main function. Why the VM stopped. */
  #loadChunk(source: string | Uint8Array, options: { name?: string; args?: readonly Argument[] }): number {
    this.#requireOpen()
    const limit = this.#memory.word(G.LIMIT)
    if (source.length > limit)
      throw new OutOfMemory(
        `not enough memory (the script has ${source.length} bytes, the state ${limit})`,
        'not enough memory',
        '',
      )
    const chunk = compile(source, { name: `@${options.name ?? 'script'}` })
    this.#start()
    this.#writer.require(this.#writer.pushChunk(chunk))
    return this.#run(0, options.args ?? [])
  }

  /**
   * As `load`; then calls the global `print` with the results, if any, as an interactive session does. That isn't logged.
   */
  async loadAndPrint(source: string | Uint8Array, options: { name?: string } = {}): Promise<void> {
    const m = this.#memory
    await this.#settle(this.#loadChunk(source, options))
    this.#requests.logging = false
    const bottom = m.bottom()
    const count = (m.word(G.TOP) - bottom) / 8
    if (count > 0) {
      m.bytes.copyWithin(bottom + 16, bottom, bottom + count * 8)
      m.setWord(G.TOP, bottom + 16 + count * 8)
      await this.#settle(this.#enter(COMMAND.CALL, this.#registry.key('print'), count))
    }
    this.#results()
  }

  /** Calls a global function (`name` may be a path such as `handlers.start`). Returns its results. */
  async call(name: string, ...args: Argument[]): Promise<LuaValue[]> {
    return this.#runAsync(this.#invoke(name, args))
  }

  /** The same, blocking until the function has ended; bindings must answer synchronously. */
  callSync(name: string, ...args: Argument[]): LuaValue[] {
    return this.#runSync(this.#invoke(name, args))
  }

  /**
   * Calls a global function that may yield: each `coroutine.yield` outside a coroutine of the script's own
   * gives its values to the loop, and what is passed to `next` (an array) becomes its results. The
   * generator returns the function's results. The state is busy until it has ended.
   */
  *iterate(
    name: string,
    ...args: Argument[]
  ): Generator<LuaValue[], LuaValue[], readonly Argument[] | undefined> {
    const m = this.#memory
    m.setWord(G.YIELDABLE, 1)
    let ended = false
    try {
      let reason = this.#invoke(name, args)
      for (; reason !== STOP.DONE; reason = this.#slice()) {
        if (reason === STOP.YIELD) {
          const answer = (yield this.#requests.arguments()) ?? []
          this.#writer.pushAll(answer)
          this.#enter(COMMAND.RESUME, answer.length, 0)
        } else this.#serveSync(reason)
      }
      ended = true
      return this.#results()
    } finally {
      m.setWord(G.YIELDABLE, 0)
      if (!ended && this.#busy) this.#abandon()
    }
  }

  /** Is there a global function (or callable value) of this name? */
  has(name: string): boolean {
    this.#start()
    this.#pushGlobal(name)
    const tag = this.#memory.word(this.#memory.word(G.TOP) - 4)
    this.#finish()
    return (
      tag === TAG.CLOSURE ||
      tag === TAG.BUILTIN ||
      tag === TAG.HOST ||
      tag === TAG.NATIVE ||
      tag === TAG.TABLE
    )
  }

  /** Value of a global variable. */
  getGlobal(name: string): LuaValue {
    this.#start()
    this.#pushGlobal(name)
    const value = this.#memory.value(this.#memory.word(G.TOP) - 8)
    this.#finish()
    return value
  }

  /** Runs the first slice of a call of a global. Why the VM stopped. */
  #invoke(name: string, args: readonly Argument[]): number {
    this.#start()
    const key = this.#registry.knownKey(name)
    if (key !== undefined) return this.#run(key, args)
    if (!name.includes('.')) return this.#run(this.#registry.key(name), args)
    this.#pushGlobal(name)
    return this.#run(0, args)
  }

  /** Writes the arguments from R[2] on and runs the first slice. */
  #run(key: number, args: readonly Argument[], command: number = COMMAND.CALL): number {
    const words = this.#memory.words
    let at = ((words[G.BASE >>> 2] as number) + 16) >>> 2
    if (args.length > FEW) return this.#runWith(command, key, args, 0)
    for (let i = 0; i < args.length; i++) {
      const arg = args[i]
      if (typeof arg !== 'number' || (arg | 0) !== arg) return this.#runWith(command, key, args, i)
      words[at] = arg
      words[at + 1] = arg >> 31
      at += 2
    }
    return this.#enterCall(command, key, args.length)
  }

  #enterCall(command: number, callee: number, count: number): number {
    this.#warmUp()
    return this.#enter(command, callee, command === COMMAND.HOOK ? ~count : count)
  }

  /** The same from argument `first` on, for arguments of any type. */
  #runWith(command: number, key: number, args: readonly Argument[], first: number): number {
    const b = this.#builder
    this.#writer.require(b.room(args.length))
    this.#memory.setWord(G.TOP, this.#memory.word(G.BASE) + 16 + first * 8)
    this.#writer.pushArguments(args, first)
    return this.#enterCall(command, key, args.length)
  }

  /** Pushes the value of a global, by the path `a.b.c`. */
  #pushGlobal(path: string): void {
    const m = this.#memory
    this.#builder.pushWord(TAG.TABLE, m.word(G.GLOBALS))
    for (const name of path.split('.')) {
      if (m.word(m.word(G.TOP) - 4) !== TAG.TABLE) break
      this.#builder.pushWord(TAG.STRING, this.#registry.key(name))
      this.#enter(COMMAND.GET, 0, 0)
    }
  }

  #requireOpen(): void {
    if (this.#closed) throw new StateError('CLOSED', 'Cannot use the state: it is closed')
  }

  #start(): void {
    this.#requireOpen()
    if (this.#busy) throw new StateError('BUSY', 'Cannot use the state: another call is under way in it')
    if (this.#lock && !this.#held) this.#acquire(this.#lock)
    this.#busy = true
    this.#calls++
    this.#interrupted = false
    this.#requests.logging = this.#instance.control !== undefined
    if (this.#lock) this.#toBottom() // wherever hooks left it
  }

  #acquire(lock: StateLock): void {
    if (!lock.acquire()) return
    // the holder died: the VM has finished its last command, so its memory is sound, and the call is abandoned
    const m = this.#memory
    this.#enter(COMMAND.RESET, 0, 0)
    m.setWord(G.LEASE, m.word(G.LEASE) + 1)
    this.#writer.releaseBlock(G.STAGED)
    const control = this.#instance.control as number
    m.setWord(control + CONTROL.RECOVERED, m.word(control + CONTROL.RECOVERED) + 1)
  }

  /** The call under way is over. */
  #idle(): void {
    this.#busy = false
    if (!this.#held) this.#lock?.release()
  }

  /**
   * Keeps all others from the state, hooks and processes, until `unlock`: a sequence of calls is one step for them.
   * Hooks wait for some microseconds, and then take their default verdict.
   * @throws StateError `BUSY` if somebody else holds the state for too long, or it is locked already
   */
  lock(): void {
    this.#requireOpen()
    if (this.#held) throw new StateError('BUSY', 'Cannot lock the state: it is locked already')
    if (this.#lock && !this.#busy) this.#acquire(this.#lock)
    this.#held = true
  }

  /** Ends what `lock` began; without it nothing happens. */
  unlock(): void {
    if (!this.#held) return
    this.#held = false
    if (!this.#busy && !this.#closed) this.#lock?.release()
  }

  /** Runs `steps` with the state locked. */
  async withLock<T>(steps: () => T | Promise<T>): Promise<T> {
    this.lock()
    try {
      return await steps()
    } finally {
      this.unlock()
    }
  }

  #finish(): void {
    this.#toBottom()
    this.#idle()
  }

  #toBottom(): void {
    this.#memory.setWord(G.BASE, this.#memory.bottom())
    this.#memory.setWord(G.TOP, this.#memory.bottom())
  }

  #abandon(): void {
    if (this.#lastMemory) return
    this.#enter(COMMAND.RESET, 0, 0)
    this.#memory.setWord(G.LEASE, this.#memory.word(G.LEASE) + 1)
    this.#idle()
  }

  /** Sets the length of the next slice. */
  #warmUp(): void {
    const warm = slicesRun >= WARM_UP_SLICES
    if (!warm) slicesRun++
    this.#memory.setWord(G.SLICE, warm ? this.#sliceLength : Math.min(WARM_UP, this.#sliceLength))
  }

  /** Goes on with a slice. Why the VM stopped. */
  #slice(): number {
    // finalizers, which run while it is being closed, may go on
    if (this.#lastMemory) throw new StateError('CLOSED', 'Cannot go on with the call: its state is closed')
    this.#warmUp()
    return this.#enter(COMMAND.RUN, 0, 0)
  }

  /** Serves the VM until the call has ended; `first` is why it stopped first. */
  #runSync(first: number): LuaValue[] {
    for (let reason = first; reason !== STOP.DONE; reason = this.#slice()) this.#serveSync(reason)
    return this.#results()
  }

  /** Deals with a stop other than the end of the call; bindings must answer at once. */
  #serveSync(reason: number): void {
    if (reason === STOP.ERROR) this.#fail()
    if (reason === STOP.REQUEST && this.#requests.serve() instanceof Promise) {
      this.#abandon()
      throw new StateError(
        'ASYNC_BINDING',
        'Cannot wait for a binding: it answers asynchronously; use call or load',
      )
    }
  }

  async #runAsync(first: number): Promise<LuaValue[]> {
    if (first !== STOP.DONE) await this.#settle(first)
    return this.#results()
  }

  /** Serves the VM until the call has ended, with turns for others between slices. */
  async #settle(first: number): Promise<void> {
    let turn = performance.now()
    for (let reason = first; reason !== STOP.DONE; reason = this.#slice()) {
      if (reason === STOP.ERROR) this.#fail()
      if (reason === STOP.REQUEST) {
        const answer = this.#requests.serve()
        if (answer) await answer
      }
      if (performance.now() - turn > 10) {
        await nextTurn()
        turn = performance.now()
        if (this.#interrupted) this.#raiseBetween('interrupted!')
      }
    }
  }

  /** Makes the call under way fail with the error `interrupted!` at its next slice. */
  interrupt(): void {
    this.#interrupted = true
  }

  /** A call by a hook in user space. Where the state is busy the hook doesn't wait: it takes its default verdict. */
  async #callHook(record: number, args: readonly Argument[]): Promise<number> {
    const m = this.#memory
    if (this.#busy || this.#held) {
      const { CONTENDED, ON_FAILURE } = HOOK
      m.setCount(record + CONTENDED, m.count(record + CONTENDED) + 1)
      return m.word(record + ON_FAILURE)
    }
    this.#start()
    const control = this.#instance.control as number
    const start = performance.now()
    m.setCount(control + CONTROL.TIME, nanosecondsSinceBoot())
    let reason = this.#run(record, args, COMMAND.HOOK)
    for (; reason === STOP.FUEL || reason === STOP.REQUEST; reason = this.#slice()) {
      const answer = reason === STOP.REQUEST ? this.#requests.serve() : nextTurn()
      if (answer) await answer
    }
    const elapsed = Math.min(Math.round((performance.now() - start) * 1e6), 0x7fffffff)
    const verdict = this.#enter(COMMAND.HOOK_END, record, elapsed)
    this.#idle()
    return verdict
  }

  #callPacket(record: number, slot: number, fetch: () => void): number {
    const m = this.#memory
    this.#start()
    m.setCount((this.#instance.control as number) + CONTROL.TIME, nanosecondsSinceBoot())
    let reason = this.#enter(COMMAND.PACKET, record, slot)
    for (; reason === STOP.FUEL || reason === STOP.REQUEST; reason = this.#slice()) {
      const request = m.word(G.REQUEST)
      if (reason === STOP.FUEL) fetch()
      else if (request === REQUEST.HOST || request === REQUEST.WRITE) this.#serveSync(reason)
      // as in the kernel, where nobody can serve it
      else this.#enter(COMMAND.HOOK_REQUEST, 0, 0)
    }
    const verdict = this.#enter(COMMAND.HOOK_END, record, 0)
    this.#idle()
    return verdict
  }

  /** Raises an error between two instructions, where the values on top are the script's: above all of them. */
  #raiseBetween(message: string): void {
    this.#memory.setWord(G.TOP, this.#memory.word(G.STACK_END))
    this.#requests.raise(message)
  }

  #results(): LuaValue[] {
    const m = this.#memory
    const words = m.words
    const bottom = words[G.BASE >>> 2] as number
    const top = words[G.TOP >>> 2] as number
    const results: LuaValue[] = []
    for (let at = bottom; at < top; at += 8) {
      const low = words[at >>> 2] as number
      // a small integer, or anything else
      results.push(words[(at >>> 2) + 1] === low >> 31 ? low : m.value(at))
    }
    words[G.TOP >>> 2] = bottom
    words[G.LEASE >>> 2] = (words[G.LEASE >>> 2] as number) + 1
    this.#idle()
    return results
  }

  /** The call has failed: throws the typed error and leaves the state ready for the next call. */
  #fail(): never {
    const m = this.#memory
    const grace = m.word(G.GRACE)
    const value = grace === 2 ? 'out of fuel' : m.value(m.bottom())
    const isMemory =
      m.word(G.ERRORS) !== 0 && typeof value === 'string' && value.endsWith('not enough memory')
    const traceback = this.#registry.left(REGISTRY.TRACEBACK)
    const described = this.#registry.left(REGISTRY.MESSAGE)
    this.#abandon()
    const message = typeof value === 'string' ? value : described || describeError(value)
    if (grace !== 0) throw new OutOfFuel(message, value, traceback)
    if (isMemory) throw new OutOfMemory(message, value, traceback)
    throw new LuaError(message, value, traceback)
  }

  /**
   * Runs the finalizers (`__gc`) of all objects that have one, unless a call is under way, and gives the
   * state's memory back. Using it afterwards throws; closing it again does nothing.
   */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    try {
      this.#runFinalizers()
    } finally {
      this.#lastMemory = this.memory
      this.#instance.close()
    }
  }

  /** Ends the use of a state that lives on, for others or for later: gives back what this process has of it. */
  release(): void {
    if (this.#closed) return
    this.unlock()
    this.#lastMemory = this.memory
    this.#closed = true
    this.#instance.close()
  }

  #runFinalizers(): void {
    if (this.#busy || !this.#memory.word(G.GC_FINOBJ)) return
    const m = this.#memory
    m.setCount(G.CALL_FUEL, Math.min(m.count(G.CALL_FUEL), FINAL_FUEL))
    if (!this.#enter(COMMAND.FINALIZE, 0, 0)) return
    for (let reason = this.#slice(); reason === STOP.FUEL || reason === STOP.REQUEST; reason = this.#slice())
      if (reason === STOP.REQUEST && this.#requests.serve()) return // nobody can wait for what answers later
  }

  [Symbol.dispose](): void {
    this.close()
  }
}

function describeError(value: LuaValue): string {
  if (value === null) return 'nil'
  if (value instanceof Uint8Array) return Buffer.from(value).toString()
  if (value instanceof LuaReference) return `(error object is a ${value.type} value)`
  return typeof value === 'object' ? '(error object is a table value)' : String(value)
}
