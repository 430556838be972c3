/**
 * A Lua state as programs use it. Calls are made in calls.ts and hook-calls.ts, through the gate of call-gate.ts, which
 * keeps them apart.
 */
import { isUint8Array } from 'node:util/types'
import { COMMAND, G, LIMITS, MEMORY, TAG } from '../isa/layout.ts'
import type { ProgramStatistics } from '../kernel/program.ts'
import type { Argument, HostFunction } from './argument.ts'
import { CallGate } from './call-gate.ts'
import { Calls, type Steps } from './calls.ts'
import { checkOptions, isList, shown, TEXT } from './check-options.ts'
import { ScriptCompiler, SHORT } from './compiling.ts'
import type { Enter, Instance } from './engine.ts'
import { closed, interrupted, messageOf, OutOfMemory, StateError } from './errors.ts'
import { HookCalls } from './hook-calls.ts'
import { HostFunctions } from './host-functions.ts'
import { Builder } from './image.ts'
import { LuaFunctions } from './lua-function.ts'
import { type LuaValue, StateMemory } from './memory.ts'
import { Registry, requireName } from './registry.ts'
import { type Found, Requests } from './requests.ts'
import { checkStateOptions, fillMemory, type StateOptions, sliceOf } from './state-options.ts'
import { instantiate } from './user-engine.ts'
import { DEFAULT_FORMS, type ValueForms } from './value-forms.ts'
import { ValueReader } from './value-reader.ts'
import { isDetached, ValueWriter } from './value-writer.ts'

/** How a script is loaded. */
export interface LoadOptions {
  /** Its name in errors; default `script`. */
  readonly name?: string
  /** What its main function gets as `...`. */
  readonly args?: readonly Argument[]
}

const LOAD_OPTIONS = {
  name: TEXT,
  args: {
    takes: `an array of at most ${LIMITS.STACK_SLOTS} values`,
    accepts: (value: unknown) => Array.isArray(value) && value.length <= LIMITS.STACK_SLOTS,
  },
}

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
  /** Says how this process serves functions that others have made known to the state, by their names. */
  readonly serveBy: (find: (name: string) => Found['host']) => void
  /** Puts a value into the registry, under a number. */
  readonly setRegistry: (key: number, value: Argument) => void
  /** Calls the function of a hook, by the address of its record: the verdict. */
  readonly callHook: (record: number, args: readonly Argument[]) => Promise<number>
  /** The same with the packet in a slot, at once. `fetch` gives what the VM asks for of the packet. */
  readonly callPacket: (record: number, slot: number, fetch: () => void) => number
  /** How many functions of JavaScript are remembered because they were passed as values. */
  readonly passedFunctions: () => number
  /** COMMAND.PACKET_DIRTY */
  readonly nextDirty: () => number
}
export let internalsOf: (state: State) => Internals

/** Iterations that nobody can go on with any more don't keep the state busy. */
const abandoned = new FinalizationRegistry(
  ({ gate, call }: { readonly gate: CallGate; readonly call: number }) => {
    if (gate.isUnderWay(call)) gate.giveUp(undefined)
  },
)

export class State {
  readonly #instance: Instance
  readonly #memory: StateMemory
  readonly #reader: ValueReader
  readonly #registry: Registry
  readonly #requests: Requests
  readonly #hosts: HostFunctions
  readonly #functions: LuaFunctions
  readonly #gate: CallGate
  readonly #calls: Calls
  readonly #hooks: HookCalls
  readonly #compiler: ScriptCompiler
  /** What `memory` said when the state was closed: its memory is gone. */
  #lastMemory: State['memory'] | undefined

  static {
    internalsOf = (state) => ({
      memory: state.#memory,
      enter: state.#instance.enter,
      key: (name) => state.#gate.use(() => state.#registry.key(name)),
      setRegistry: (key, value) => state.#gate.use(() => state.#registry.set(key, value)),
      serveBy(find) {
        state.#requests.find = (number) => {
          const name = state.#registry.hostNames()[number] ?? 'a JavaScript function'
          return { name, host: find(name) }
        }
      },
      grant: (library, functions) => state.#grant(library, functions),
      callHook: (record, args) => state.#hooks.call(record, args),
      callPacket: (record, slot, fetch) => state.#hooks.callPacket(record, slot, fetch),
      passedFunctions: () => state.#hosts.passed,
      nextDirty: () => state.#instance.enter(COMMAND.PACKET_DIRTY, 0, 0),
    })
  }

  /**
   * A new state with its libraries. Throws StateError for options out of range; for a state in the kernel also
   * NotPermitted, NotAvailable or VerifierError.
   */
  static async create(options: StateOptions = {}): Promise<State> {
    if (options?.engine !== 'kernel') return new State(options)
    const { KernelInstance } = await import('./kernel-engine.ts')
    return new State(options, (bytes) => KernelInstance.create(bytes))
  }

  /**
   * The same without waiting, for states in user space. Where `engine` gives memory that holds a state already, that
   * is used as it is.
   */
  constructor(options: StateOptions = {}, engine?: (bytes: number) => Instance) {
    if (options?.engine === 'kernel' && !engine)
      throw new StateError('BAD_OPTION', 'Cannot create a state in the kernel at once: use State.create')
    const { limit, libraries } = checkStateOptions(options)
    this.#instance = (engine ?? instantiate)(limit)
    const { enter, buffer, control } = this.#instance
    const memory = new StateMemory(buffer)
    this.#memory = memory
    const sliceLength = sliceOf(options)
    if (memory.word(G.HEAP_TOP) === 0) {
      fillMemory(memory, options, libraries, limit)
      memory.setWord(MEMORY.CONTROL, control ?? 0)
    }
    const forms: ValueForms = {
      tables: options.tables ?? DEFAULT_FORMS.tables,
      integers: options.integers ?? DEFAULT_FORMS.integers,
    }
    const isShared = control !== undefined
    const builder = new Builder(memory, enter)
    const hosts = new HostFunctions(memory, isShared)
    const functions = new LuaFunctions(builder, isShared, (step) => this.#useIfIdle(step))
    const reader = new ValueReader(memory, forms, functions)
    const writer = new ValueWriter(builder, hosts, functions)
    const registry = new Registry(writer, new ValueReader(memory))
    const requests = new Requests(writer, reader, { hosts, functions }, options, isShared)
    const gate = new CallGate(this.#instance, memory, () => {
      this.#lastMemory = this.memory
    })
    this.#requests = requests
    this.#hosts = hosts
    this.#functions = functions
    this.#reader = reader
    this.#registry = registry
    this.#gate = gate
    this.#calls = new Calls({
      memory,
      enter,
      gate,
      writer,
      reader,
      registry,
      requests,
      functions,
      forms,
      sliceLength,
    })
    functions.calls = this.#calls
    this.#compiler = new ScriptCompiler(memory)
    this.#hooks = new HookCalls(this.#instance, memory, gate, this.#calls, requests)
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
    if (this.#lastMemory) return 0
    const m = this.#memory
    return m.count(G.CALL_FUEL) - m.count(G.BUDGET) - m.count(G.FUEL)
  }

  /** What the verifier and the JIT compiler made of the state's program; undefined in user space, or once it is closed. */
  get program(): ProgramStatistics | undefined {
    return this.#lastMemory ? undefined : this.#instance.statistics?.()
  }

  /** Makes functions available to scripts as fields of the global table `library`. */
  register(library: string, functions: Readonly<Record<string, HostFunction>>): void {
    this.#grant(library, functions)
  }

  #grant(
    library: string,
    functions: Readonly<Record<string, HostFunction | undefined>>,
  ): Map<string, number> {
    const entries = functionsOf(library, functions)
    return this.#gate.use(() => this.#registry.register(library, entries, this.#hosts))
  }

  /** Sets a global variable, or a field at a path such as `config.level`. @throws StateError `BAD_NAME`, `BAD_VALUE` */
  setGlobal(name: string, value: Argument): void {
    this.#gate.use(() => this.#registry.setGlobal(name, value))
  }

  /**
   * Compiles a script and runs its main function with `args`. Returns what it returns. A long text is compiled in a
   * thread of its own, before the call begins: until then, others may use the state.
   * Throws CompileError, LuaError, OutOfFuel, OutOfMemory or StateError.
   */
  async load(source: string | Uint8Array, options: LoadOptions = {}): Promise<LuaValue[]> {
    const { text, name, args } = this.#script(source, options)
    if (text.length <= SHORT) return this.#calls.load(this.#compiler.compileSync(text, name), args)
    return this.#calls.load(await this.#compiler.compile(text, name), args)
  }

  /** The same, blocking until the script has ended; bindings must answer synchronously. */
  loadSync(source: string | Uint8Array, options: LoadOptions = {}): LuaValue[] {
    const { text, name, args } = this.#script(source, options)
    return this.#calls.loadSync(this.#compiler.compileSync(text, name), args)
  }

  #script(source: string | Uint8Array, options: LoadOptions) {
    if (this.#gate.closed) throw closed()
    if (typeof source !== 'string' && !isUint8Array(source))
      throw new StateError(
        'BAD_VALUE',
        `Cannot load a script: it is ${shown(source)}, not a string or a Uint8Array`,
      )
    if (isDetached(source))
      throw new StateError('BAD_VALUE', 'Cannot load a script: the buffer of its bytes has been given away')
    checkOptions('Cannot load a script', options, LOAD_OPTIONS)
    const { name = 'script', args = [] } = options
    const limit = this.#memory.word(G.LIMIT)
    if (source.length > limit)
      throw new OutOfMemory(
        `not enough memory (the script has ${source.length} bytes, the state ${limit})`,
        'not enough memory',
        '',
      )
    return { text: source, name: `@${name}`, args: Array.from(args) }
  }

  /**
   * As `load`; then calls the global `print` with the results, if any, as an interactive session does. That isn't logged.
   */
  async loadAndPrint(source: string | Uint8Array, options: { name?: string } = {}): Promise<void> {
    const { text, name } = this.#script(source, options)
    if (text.length <= SHORT) return this.#calls.loadAndPrint(this.#compiler.compileSync(text, name))
    return this.#calls.loadAndPrint(await this.#compiler.compile(text, name))
  }

  /** Calls a global function (`name` may be a path such as `handlers.start`). Returns its results. */
  async call(name: string, ...args: Argument[]): Promise<LuaValue[]> {
    return this.#calls.call(name, args)
  }

  /** The same, blocking until the function has ended; bindings must answer synchronously. */
  callSync(name: string, ...args: Argument[]): LuaValue[] {
    return this.#calls.callSync(name, args)
  }

  /**
   * Calls a global function that may yield: each `coroutine.yield` outside a coroutine of the script's own
   * gives its values to the loop, and what is passed to `next` (an array) becomes its results. The
   * generator returns the function's results. Another call that is made between two steps ends the iteration.
   */
  iterate(name: string, ...args: Argument[]): Steps {
    const own = { gate: this.#gate, call: 0 }
    const steps = this.#calls.iterate(name, args, own)
    abandoned.register(steps, own)
    return steps
  }

  /** Is there a global function (or callable value) of this name? */
  has(name: string): boolean {
    const tag = this.#gate.use(() => {
      this.#registry.pushGlobal(name)
      return this.#registry.topTag
    })
    return CALLABLE.includes(tag)
  }

  /** Value of a global variable, or of a field at a path. */
  getGlobal(name: string): LuaValue {
    return this.#gate.use(() => {
      this.#registry.pushGlobal(name)
      const value = this.#reader.read(this.#memory.word(G.TOP) - 8)
      this.#functions.keep()
      return value
    })
  }

  /** Uses the memory, unless somebody else does. Whether it was done. */
  #useIfIdle(step: () => void): boolean {
    if (this.#gate.busy || this.#gate.closed) return false
    try {
      this.#gate.use(step)
      return true
    } catch (error) {
      if (error instanceof StateError) return false // broken, or used by another process
      throw error
    }
  }

  /**
   * Keeps all others from the state, hooks and processes, until `unlock`: a sequence of calls is one step for them.
   * Hooks wait for some microseconds, and then take their default verdict.
   * @throws StateError `BUSY` if somebody else holds the state for too long, or it is locked already
   */
  lock(): void {
    this.#gate.lock()
  }

  /** Ends what `lock` began; without it nothing happens. */
  unlock(): void {
    this.#gate.unlock()
  }

  /** Runs `steps` with the state locked. */
  async withLock<T>(steps: () => T | Promise<T>): Promise<T> {
    if (typeof steps !== 'function')
      throw new StateError(
        'BAD_VALUE',
        `Cannot do steps with the state locked: they are ${shown(steps)}, not a function`,
      )
    this.lock()
    try {
      return await steps()
    } finally {
      this.unlock()
    }
  }

  /**
   * Ends the call under way, also one that waits for a binding: the first time by the error `interrupted!`, which the
   * script may catch; the second time it can't. An iteration that waits for its next step is ended at once.
   */
  interrupt(): void {
    this.#compiler.end(interrupted())
    this.#gate.interrupt()
  }

  /**
   * Runs the finalizers (`__gc`) of all objects that have one, unless a call is under way, and gives the state's memory
   * back. A call that waits rejects with StateError `CLOSED`; one that is at work ends at its next step. Using the state
   * afterwards throws; closing it again does nothing.
   */
  close(): void {
    this.#compiler.end(closed())
    this.#gate.close(() => this.#calls.finalize())
  }

  /** Ends the use of a state that lives on, for others or for later: gives back what this process has of it. */
  release(): void {
    this.#compiler.end(closed())
    this.#functions.releaseAll()
    this.#gate.unlock()
    this.#gate.close(() => {})
  }

  [Symbol.dispose](): void {
    this.close()
  }
}

/** The functions that are to be registered, by name. @throws StateError `BAD_NAME`, `BAD_VALUE` */
function functionsOf(library: unknown, functions: unknown): [string, HostFunction | undefined][] {
  requireName(library)
  let entries: [string, unknown][]
  try {
    if (typeof functions !== 'object' || functions === null || isList(functions))
      throw new TypeError(`they are ${shown(functions)}`)
    entries = Object.entries(functions)
  } catch (cause) {
    const message = `Cannot register '${library}': its functions can't be read from an object (${messageOf(cause)})`
    throw new StateError('BAD_VALUE', message, undefined, { cause })
  }
  for (const [name, f] of entries)
    if (f !== undefined && typeof f !== 'function')
      throw new StateError(
        'BAD_VALUE',
        `Cannot register '${library}.${name}': it is ${shown(f)}, not a function`,
      )
  return entries as [string, HostFunction | undefined][]
}

/** Tags of values that can be called; a table may have a metamethod for it. */
const CALLABLE: readonly number[] = [TAG.CLOSURE, TAG.BUILTIN, TAG.HOST, TAG.NATIVE, TAG.TABLE]
