/**
 * A Lua state and its driver: the VM runs in slices of fuel until it stops; requests are answered here,
 * synchronously or not, and it goes on.
 */
import { randomBytes } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { COMMAND, CONTROL, G, HOOK, MEMORY, OBJECT, REGISTRY, REQUEST, STOP, TAG } from '../isa/layout.ts'
import type { ProgramStatistics } from '../kernel/program.ts'
import { compile } from '../lang/compile.ts'
import { CompileError } from '../lang/diagnostics.ts'
import type { Engine, Enter, Instance } from './engine.ts'
import { LuaError, OutOfFuel, OutOfMemory, StateError } from './errors.ts'
import { Builder, imageFor, LIBRARIES, type Library, WITHOUT_FILES } from './image.ts'
import { LuaReference, type LuaValue, StateMemory } from './memory.ts'
import { StateLock } from './state-lock.ts'
import { nanosecondsSinceBoot } from './time.ts'
import { instantiate } from './user-engine.ts'

/** What a binding may return: nothing, one value, or (as a tuple) several. */
export type HostResult = Argument | undefined | Results
/** Several results of a binding. */
export class Results {
  readonly values: readonly Argument[]
  constructor(values: readonly Argument[]) {
    this.values = values
  }
}

/** A function of an extension binding. Strings arrive as text where they are UTF-8, else as bytes. */
// biome-ignore lint/suspicious/noConfusingVoidType: functions without a result are fine, too
export type HostFunction = (...args: LuaValue[]) => HostResult | void | Promise<HostResult | void>

/** What can be passed to a script; bytes become a data block that is lent for the call. */
export type Argument =
  | null
  | undefined
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | readonly Argument[]
  | { readonly [key: string]: Argument }
  | ReadonlyMap<string | number | boolean, Argument>

export interface StateOptions {
  /** Where the VM runs; default: in user space. */
  engine?: Engine
  /** Bytes of memory, 64 KiB to 1 GiB, in the kernel to 128 MiB; default 1 MiB. */
  memory?: number
  /** Instructions that one call may execute; default: no limit. */
  fuel?: number
  /** Libraries besides the basic functions; default: all, but `package` only where there are files to read. */
  libraries?: readonly Library[]
  /** Receives what `print` and `warn` write. */
  output?: (text: Uint8Array) => void
  /**
   * Reads a file for `require`, `loadfile` and `dofile`; throws an error that says why it can't. Without this, scripts
   * see no files.
   */
  readFile?: (path: string) => Uint8Array
  /** Instructions that run at a stretch before others get a turn; default: a few milliseconds' worth. */
  slice?: number
  /** Seed of string hashes and math.random; default: random. */
  seed?: number
}

/** Levels of tables in a value passed to a script. */
const DEEPEST = 1000
/** Arguments for which the stack always has room. */
const FEW = 16
/** Instructions per slice: a few milliseconds; between slices of an asynchronous call others get a turn. */
const SLICE = 1_000_000
/** The same in the kernel, which stops what runs for 250 ms by the clock, whoever else wants the processor. */
const KERNEL_SLICE = 100_000
/** The first slices are short, so that the WebAssembly engine can exchange its first code for better. */
const WARM_UP_SLICES = 40
const WARM_UP = 20_000
const NO_LIMIT = 2 ** 53
/** Instructions that the finalizers may execute when a state is closed. */
const FINAL_FUEL = 10_000_000
/**
 * Bytes of memory, at most. A table that fills the memory grows in one instruction: in the kernel it must be done
 * before the limits on loops are reached.
 */
export const LARGEST: Readonly<Record<Engine, number>> = { user: 1 << 30, kernel: 1 << 27 }

const processSeed = randomBytes(4).readInt32LE()
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
  /** Calls the function of a hook, by the address of its record: the verdict. */
  readonly callHook: (record: number, args: readonly Argument[]) => Promise<number>
}
export let internalsOf: (state: State) => Internals

export class State {
  readonly #instance: Instance
  readonly #enter: Enter
  readonly #memory: StateMemory
  readonly #builder: Builder
  readonly #output: (text: Uint8Array) => void
  readonly #readFile: ((path: string) => Uint8Array) | undefined
  /** Registered functions by their numbers; those of other processes that use the state are missing. */
  readonly #hosts: (HostFunction | undefined)[] = []
  readonly #lock: StateLock | undefined
  /** Whether the lock is held for a sequence of calls. */
  #held = false
  /** Whether what the script writes goes to the state's log, too. */
  #logging = false
  readonly #keys = new Map<string, number>()
  /** Tables that the one being pushed lies in. */
  readonly #path = new Set<object>()
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
        const address = state.#key(name)
        state.#finish()
        return address
      },
      grant: (library, functions) => state.#grant(library, functions),
      callHook: (record, args) => state.#callHook(record, args),
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
    const limit = options.memory ?? MEMORY.DEFAULT_LIMIT
    const largest = LARGEST[options.engine ?? 'user']
    if (!Number.isInteger(limit) || limit < MEMORY.SMALLEST_LIMIT || limit > largest)
      throw new StateError(
        'BAD_OPTION',
        `Cannot create a state: memory is ${limit}, not 64 KiB to ${largest >>> 20} MiB in bytes`,
      )
    const libraries = options.libraries ?? (options.readFile ? LIBRARIES : WITHOUT_FILES)
    for (const library of libraries)
      if (!LIBRARIES.includes(library))
        throw new StateError(
          'BAD_OPTION',
          `Cannot create a state: no library '${library}'; there are ${LIBRARIES.join(', ')}`,
        )
    this.#instance = (engine ?? instantiate)(limit)
    const { enter, buffer, control } = this.#instance
    this.#enter = enter
    this.#memory = new StateMemory(buffer)
    this.#sliceLength = options.slice ?? (options.engine === 'kernel' ? KERNEL_SLICE : SLICE)
    if (this.#memory.word(G.HEAP_TOP) === 0) this.#initialise(options, libraries, limit)
    this.#builder = new Builder(this.#memory, enter)
    this.#output = options.output ?? (() => {})
    this.#readFile = options.readFile
    this.#lock = control === undefined ? undefined : new StateLock(buffer, control + CONTROL.LOCK)
  }

  #initialise(options: StateOptions, libraries: readonly Library[], limit: number): void {
    const seed = options.seed ?? processSeed
    const m = this.#memory
    m.bytes.set(imageFor(libraries, seed))
    m.setWord(G.LIMIT, limit & ~7)
    m.setCount(G.CALL_FUEL, Math.min(options.fuel ?? NO_LIMIT, NO_LIMIT))
    m.setWord(G.SLICE, this.#sliceLength)
    m.bytes.set(options.seed === undefined ? randomBytes(32) : seedBytes(seed), G.RANDOM)
    m.setWord(MEMORY.CONTROL, this.#instance.control ?? 0)
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
    this.#require(b.make(COMMAND.TABLE, 0, Object.keys(functions).length) !== 0)
    for (const [name, f] of Object.entries(functions)) {
      const number = this.#hostNumber(`${library}.${name}`, f)
      numbers.set(name, number)
      this.#require(b.setField(name, TAG.HOST, number))
    }
    const table = b.topObject()
    b.pushWord(TAG.TABLE, this.#memory.word(G.GLOBALS))
    this.#require(b.setField(library, TAG.TABLE, table))
    this.#finish()
    return numbers
  }

  /**
   * Serves the functions of a library that the state has already, whoever has registered them.
   * @returns numbers of those that it has, by name
   */
  serve(library: string, functions: Readonly<Record<string, HostFunction>>): Map<string, number> {
    this.#start()
    const served = new Map<string, number>()
    const names = this.#hostNames()
    for (const [name, f] of Object.entries(functions)) {
      const number = names.indexOf(`${library}.${name}`)
      if (number < 0) continue
      this.#hosts[number] = f
      served.set(name, number)
    }
    this.#finish()
    return served
  }

  /** Sets a global variable. */
  setGlobal(name: string, value: Argument): void {
    this.#start()
    this.#builder.pushWord(TAG.TABLE, this.#memory.word(G.GLOBALS))
    this.#require(this.#builder.pushText(name))
    this.#push(value)
    this.#require(this.#builder.make(COMMAND.SET, 0, 0) !== 0)
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
    this.#require(this.#pushChunk(chunk))
    return this.#run(0, options.args ?? [])
  }

  /** Pushes the main function of a chunk; false if there is no room. */
  #pushChunk(chunk: Uint8Array): boolean {
    const m = this.#memory
    const block = this.#builder.make(COMMAND.ALLOC, chunk.length, 0)
    if (!block) return false
    m.setWord(G.STAGED, block)
    m.bytes.set(chunk, block + 8)
    const loaded = this.#builder.make(COMMAND.LOAD, block + 8, 0)
    this.#releaseBlock(G.STAGED)
    return loaded === 1
  }

  /** Frees the raw block whose address is in a word of the memory, if there is one. */
  #releaseBlock(word: number): void {
    const block = this.#memory.word(word)
    this.#memory.setWord(word, 0)
    if (block) this.#enter(COMMAND.RELEASE, block, 0)
  }

  /**
   * As `load`; then calls the global `print` with the results, if any, as an interactive session does. That isn't logged.
   */
  async loadAndPrint(source: string | Uint8Array, options: { name?: string } = {}): Promise<void> {
    const m = this.#memory
    await this.#settle(this.#loadChunk(source, options))
    this.#logging = false
    const bottom = m.bottom()
    const count = (m.word(G.TOP) - bottom) / 8
    if (count > 0) {
      m.bytes.copyWithin(bottom + 16, bottom, bottom + count * 8)
      m.setWord(G.TOP, bottom + 16 + count * 8)
      await this.#settle(this.#enter(COMMAND.CALL, this.#key('print'), count))
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
          const answer = (yield this.#arguments()) ?? []
          this.#require(this.#builder.room(answer.length))
          for (const value of answer) this.#push(value)
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
    const key = this.#keys.get(name)
    if (key !== undefined) return this.#run(key, args)
    if (!name.includes('.')) return this.#run(this.#key(name), args)
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
    this.#require(b.room(args.length))
    this.#memory.setWord(G.TOP, this.#memory.word(G.BASE) + 16 + first * 8)
    let window = 0
    for (const arg of args) if (arg instanceof Uint8Array) window += arg.length
    if (window > this.#memory.word(G.WINDOW_SIZE)) this.#growWindow(window)
    let at = this.#memory.word(G.WINDOW) + 8
    for (let i = first; i < args.length; i++) {
      const arg = args[i]
      if (arg instanceof Uint8Array) {
        this.#memory.bytes.set(arg, at)
        this.#require(b.make(COMMAND.BLOCK, at, arg.length) !== 0)
        at += arg.length
      } else this.#push(arg)
    }
    return this.#enterCall(command, key, args.length)
  }

  #growWindow(bytes: number): void {
    const m = this.#memory
    m.setWord(G.WINDOW_SIZE, 0)
    this.#releaseBlock(G.WINDOW)
    const size = Math.max(bytes, 2048)
    const block = this.#builder.make(COMMAND.ALLOC, size, 0)
    this.#require(block !== 0)
    m.setWord(G.WINDOW, block)
    m.setWord(G.WINDOW_SIZE, size)
  }

  /** Pushes the value of a global, by the path `a.b.c`. */
  #pushGlobal(path: string): void {
    const m = this.#memory
    this.#builder.pushWord(TAG.TABLE, m.word(G.GLOBALS))
    for (const name of path.split('.')) {
      if (m.word(m.word(G.TOP) - 4) !== TAG.TABLE) break
      this.#builder.pushWord(TAG.STRING, this.#key(name))
      this.#enter(COMMAND.GET, 0, 0)
    }
  }

  /** Address of an interned name, which the registry keeps alive. */
  #key(name: string): number {
    const known = this.#keys.get(name)
    if (known !== undefined) return known
    const b = this.#builder
    if (Buffer.byteLength(name) > 40) {
      this.#abandon()
      throw new StateError('BAD_VALUE', `Cannot use the name '${name}': it is longer than 40 bytes`)
    }
    this.#pushRegistryTable(REGISTRY.KEYS)
    this.#require(b.pushText(name))
    const key = b.topObject()
    b.pushWord(TAG.TRUE, 0)
    this.#require(this.#builder.make(COMMAND.SET, 0, 0) !== 0)
    b.pop(1)
    this.#keys.set(name, key)
    return key
  }

  /** Pushes what the registry has under a number. */
  #pushRegistry(key: number): void {
    const b = this.#builder
    b.pushWord(TAG.TABLE, this.#memory.word(G.REGISTRY))
    b.pushWord(-1, key)
    this.#enter(COMMAND.GET, 0, 0)
  }

  /** Pushes a table of the registry, which is made if it isn't there. */
  #pushRegistryTable(key: number): void {
    const b = this.#builder
    const m = this.#memory
    this.#pushRegistry(key)
    if (m.word(m.word(G.TOP) - 4) === TAG.TABLE) return
    b.pop(1)
    b.pushWord(TAG.TABLE, m.word(G.REGISTRY))
    b.pushWord(-1, key)
    this.#require(b.make(COMMAND.TABLE, 0, 0) !== 0)
    this.#require(b.make(COMMAND.SET, 0, 0) !== 0)
    b.pop(1)
    this.#pushRegistry(key)
  }

  /** Names of the registered functions, by their numbers. */
  #hostNames(): string[] {
    this.#pushRegistry(REGISTRY.HOSTS)
    const names = this.#memory.value(this.#memory.word(G.TOP) - 8)
    this.#builder.pop(1)
    return Array.isArray(names) ? names.map(String) : []
  }

  /** The number of a registered function, which is new if the state doesn't know the name. */
  #hostNumber(name: string, f: HostFunction | undefined): number {
    const b = this.#builder
    const names = this.#hostNames()
    const known = names.indexOf(name)
    const number = known < 0 ? names.length : known
    this.#hosts[number] = f
    if (known >= 0) return number
    this.#pushRegistryTable(REGISTRY.HOSTS)
    b.pushWord(0, number + 1)
    this.#require(b.pushText(name))
    this.#require(b.make(COMMAND.SET, 0, 0) !== 0)
    b.pop(1)
    return number
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
    this.#logging = this.#instance.control !== undefined
    if (this.#lock) this.#toBottom() // wherever hooks left it
  }

  #acquire(lock: StateLock): void {
    if (!lock.acquire()) return
    // the holder died: the VM has finished its last command, so its memory is sound, and the call is abandoned
    const m = this.#memory
    this.#enter(COMMAND.RESET, 0, 0)
    m.setWord(G.LEASE, m.word(G.LEASE) + 1)
    this.#releaseBlock(G.STAGED)
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

  #require(fine: boolean): void {
    if (fine) return
    this.#abandon()
    throw new OutOfMemory('not enough memory', 'not enough memory', '')
  }

  #abandon(): void {
    this.#path.clear()
    if (this.#lastMemory) return
    this.#enter(COMMAND.RESET, 0, 0)
    this.#memory.setWord(G.LEASE, this.#memory.word(G.LEASE) + 1)
    this.#idle()
  }

  #push(value: Argument): void {
    const b = this.#builder
    if (typeof value === 'number') this.#pushNumber(value)
    else if (typeof value === 'string') this.#require(b.pushText(value))
    else if (value === null || value === undefined) b.pushWord(TAG.NIL, 0)
    else if (typeof value === 'boolean') b.pushWord(value ? TAG.TRUE : TAG.FALSE, 0)
    else if (typeof value === 'bigint') this.#pushLong(value)
    else if (value instanceof Uint8Array) this.#require(b.pushBytes(value))
    else if (typeof value === 'object') this.#pushTable(value)
    else this.#refuse(value)
  }

  #pushNumber(value: number): void {
    if (!Number.isInteger(value)) this.#refuse(value)
    if (!Number.isSafeInteger(value)) this.#pushLong(BigInt(value))
    else this.#builder.pushWord(Math.floor(value / 2 ** 32), value | 0)
  }

  #pushLong(value: bigint): void {
    const wrapped = BigInt.asIntN(64, value)
    const high = Number(wrapped >> 32n)
    const low = Number(BigInt.asIntN(32, wrapped))
    // the VM boxes the integers that would look like tagged words
    if (high > TAG.MAX) this.#builder.pushWord(high, low)
    else this.#require(this.#builder.make(COMMAND.INTEGER, low, high) !== 0)
  }

  #refuse(value: unknown): never {
    this.#abandon()
    throw new StateError(
      'BAD_VALUE',
      `Cannot pass ${String(value)} to Lua: it takes null, booleans, 64-bit integers, strings, bytes, arrays, maps and plain objects`,
    )
  }

  #pushTable(
    value:
      | readonly Argument[]
      | ReadonlyMap<string | number | boolean, Argument>
      | { readonly [key: string]: Argument },
  ): void {
    const entries: [string | number | boolean, Argument][] = Array.isArray(value)
      ? value.map((v, i) => [i + 1, v])
      : value instanceof Map
        ? [...value]
        : Object.entries(value as Record<string, Argument>)
    if (this.#path.has(value) || this.#path.size === DEEPEST)
      this.#refuse('a value that contains itself or is nested too deeply')
    this.#path.add(value)
    const isArray = Array.isArray(value)
    this.#require(
      this.#builder.make(COMMAND.TABLE, isArray ? entries.length : 0, isArray ? 0 : entries.length) !== 0,
    )
    for (const [key, v] of entries) {
      if (v === null || v === undefined) continue
      this.#push(key)
      this.#push(v)
      this.#require(this.#builder.make(COMMAND.SET, 0, 0) !== 0)
    }
    this.#path.delete(value)
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
    if (reason === STOP.REQUEST && this.#serve() instanceof Promise) {
      this.#abandon()
      throw new StateError(
        'ASYNC_BINDING',
        'Cannot wait for a binding: it answers asynchronously; use call or load',
      )
    }
  }

  /** Arguments of the request or yield under way. */
  #arguments(): LuaValue[] {
    const m = this.#memory
    const args: LuaValue[] = []
    for (let at = m.word(G.ARGS); at < m.word(G.TOP); at += 8) args.push(m.value(at))
    return args
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
        const answer = this.#serve()
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
      const answer = reason === STOP.REQUEST ? this.#serve() : nextTurn()
      if (answer) await answer
    }
    const elapsed = Math.min(Math.round((performance.now() - start) * 1e6), 0x7fffffff)
    const verdict = this.#enter(COMMAND.HOOK_END, record, elapsed)
    this.#idle()
    return verdict
  }

  /** Raises an error between two instructions, where the values on top are the script's: above all of them. */
  #raiseBetween(message: string): void {
    this.#memory.setWord(G.TOP, this.#memory.word(G.STACK_END))
    this.#raise(message)
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
    const traceback = this.#left(REGISTRY.TRACEBACK)
    const described = this.#left(REGISTRY.MESSAGE)
    this.#abandon()
    const message = typeof value === 'string' ? value : described || describeError(value)
    if (grace !== 0) throw new OutOfFuel(message, value, traceback)
    if (isMemory) throw new OutOfMemory(message, value, traceback)
    throw new LuaError(message, value, traceback)
  }

  /** A text that the message handler has left in the registry; it is taken out. */
  #left(key: number): string {
    const m = this.#memory
    const b = this.#builder
    b.enter(COMMAND.RESET, 0, 0)
    this.#pushRegistry(key)
    const text = m.value(m.word(G.TOP) - 8)
    b.pop(1)
    if (text === null) return ''
    b.pushWord(TAG.TABLE, m.word(G.REGISTRY))
    b.pushWord(-1, key)
    b.pushWord(TAG.NIL, 0)
    b.enter(COMMAND.SET, 0, 0)
    b.pop(1)
    return text instanceof Uint8Array ? Buffer.from(text).toString() : String(text)
  }

  /** Raises an error in the script, from outside. */
  #raise(message: string): void {
    const text = Buffer.from(message).subarray(0, MEMORY.MAILBOX_BYTES)
    this.#memory.bytes.set(text, MEMORY.MAILBOX)
    this.#enter(COMMAND.RAISE, text.length, 0)
  }

  /** Answers a request; a promise if a binding answers later. */
  #serve(): undefined | Promise<void> {
    const m = this.#memory
    const request = m.word(G.REQUEST)
    if (request === REQUEST.WRITE) {
      this.#write(m.word(m.word(G.ARGS) + 8))
      this.#enter(COMMAND.RESUME, 0, 0)
      return
    }
    if (request === REQUEST.COMPILE) return this.#compile()
    if (request === REQUEST.FILE) return this.#giveFile()
    const args = this.#arguments()
    let answer: ReturnType<HostFunction>
    try {
      const host = this.#hosts[m.word(G.REQUEST_ID)]
      if (host === undefined) {
        this.#enter(COMMAND.HOOK_REFUSE, 0, 0)
        return
      }
      answer = host(...args)
    } catch (error) {
      this.#raise(messageOf(error))
      return
    }
    if (answer instanceof Promise) {
      // an answer that comes after the call has been given up is nobody's
      const call = this.#calls
      return answer.then(
        (late) => call === this.#calls && this.#busy && this.#resume(late as HostResult),
        (error: unknown) => call === this.#calls && this.#busy && this.#raise(messageOf(error)),
      ) as Promise<void>
    }
    this.#resume(answer as HostResult)
  }

  /** A text that the script writes: to whoever made the call, and to the log. */
  #write(text: number): void {
    const m = this.#memory
    const bytes = m.stringBytes(text).slice()
    const { control = 0 } = this.#instance
    if (this.#logging) {
      m.setCount(control + CONTROL.TIME, nanosecondsSinceBoot())
      this.#enter(COMMAND.LOG, text + OBJECT.STRING.DATA, bytes.length)
    }
    this.#output(bytes)
  }

  #resume(answer: HostResult): undefined {
    const values = answer instanceof Results ? answer.values : answer === undefined ? [] : [answer]
    this.#require(this.#builder.room(values.length))
    for (const value of values) this.#push(value)
    this.#enter(COMMAND.RESUME, values.length, 0)
  }

  /** A file's text, or nil and why it can't be read: false where there are no files. */
  #giveFile(): undefined {
    const m = this.#memory
    const path = Buffer.from(m.stringBytes(m.word(m.word(G.ARGS) + 8))).toString()
    if (!this.#readFile) return this.#resume(new Results([null, false]))
    let text: Uint8Array
    try {
      text = this.#readFile(path)
    } catch (error) {
      return this.#resume(new Results([null, messageOf(error)]))
    }
    if (this.#builder.pushBytes(text)) this.#enter(COMMAND.RESUME, 1, 0)
    else this.#enter(COMMAND.RAISE, -1, 0)
  }

  /** `load`: the function, or nil and the message. */
  #compile(): undefined {
    const m = this.#memory
    const args = m.word(G.ARGS)
    const text = m.stringBytes(m.word(args + 8)).slice()
    const name = Buffer.from(m.stringBytes(m.word(args + 16))).toString('latin1')
    let chunk: Uint8Array
    try {
      chunk = compile(text, { name })
    } catch (error) {
      if (!(error instanceof CompileError)) throw error
      this.#builder.pushWord(TAG.NIL, 0)
      this.#require(this.#builder.pushText(error.message))
      this.#enter(COMMAND.RESUME, 2, 0)
      return
    }
    if (this.#pushChunk(chunk)) this.#enter(COMMAND.RESUME, 1, 0)
    else this.#enter(COMMAND.RAISE, -1, 0)
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
      if (reason === STOP.REQUEST && this.#serve()) return // nobody can wait for what answers later
  }

  [Symbol.dispose](): void {
    this.close()
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function describeError(value: LuaValue): string {
  if (value === null) return 'nil'
  if (value instanceof Uint8Array) return Buffer.from(value).toString()
  if (value instanceof LuaReference) return `(error object is a ${value.type} value)`
  return typeof value === 'object' ? '(error object is a table value)' : String(value)
}

/** 32 bytes from a seed, none of them all zero (splitmix64's constants). */
function seedBytes(seed: number): Uint8Array {
  const bytes = new BigUint64Array(4)
  let x = BigInt.asUintN(64, BigInt(seed))
  for (let i = 0; i < 4; i++) {
    x = BigInt.asUintN(64, x + 0x9e3779b97f4a7c15n)
    let z = x
    z = BigInt.asUintN(64, (z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n)
    z = BigInt.asUintN(64, (z ^ (z >> 27n)) * 0x94d049bb133111ebn)
    bytes[i] = z ^ (z >> 31n)
  }
  return new Uint8Array(bytes.buffer)
}
