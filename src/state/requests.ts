/** Answers what the VM stops for with REQUEST: output, compiling, files, and registered functions, which may answer later. */
import { isUint8Array } from 'node:util/types'
import { COMMAND, CONTROL, G, MEMORY, OBJECT, REQUEST, TAG } from '../isa/layout.ts'
import { fromByteString } from '../lang/chunk-name.ts'
import { type Outcome as CompileOutcome, compileWithin } from '../lang/compile.ts'
import { DIAGNOSTICS } from '../lang/diagnostic-table.ts'
import { type Diagnostic, referenceMessage } from '../lang/diagnostics.ts'
import { type Argument, type HostFunction, Results } from './argument.ts'
import type { Outcome } from './call-gate.ts'
import { compileApart, fuelLeft, type Job, limitsOf, pay, SHORT } from './compiling.ts'
import type { Enter } from './engine.ts'
import { messageOf, OutOfMemory, StateError } from './errors.ts'
import type { HostFunctions, RegisteredFunction } from './host-functions.ts'
import { type Builder, MODULES } from './image.ts'
import type { LuaFunctions } from './lua-function.ts'
import type { LuaValue, StateMemory } from './memory.ts'
import type { StateOptions } from './state-options.ts'
import { nanosecondsSinceBoot } from './time.ts'
import { preludeChunks } from './user-engine.ts'
import type { ValueReader } from './value-reader.ts'
import type { ValueWriter } from './value-writer.ts'

/** Functions that cross the border, of either side. */
export interface FunctionTables {
  readonly hosts: HostFunctions
  readonly functions: LuaFunctions
}

/** A function by its number: its name, and who serves it, `hook` if hooks alone do. */
export interface Found {
  readonly name: string
  readonly host: HostFunction | 'hook' | undefined
}

/** Errors of functions of the host that are remembered in a call, to be the cause of a LuaError. */
const MOST_CAUSES = 16

export class Requests {
  /** How this process serves functions that another one has made known to the state; without it they are refused as in hooks. */
  find: ((number: number) => Found) | undefined
  readonly #hosts: HostFunctions
  readonly #functions: LuaFunctions
  /** Whether what the script writes goes to the state's log, too. */
  logging: boolean
  readonly #writer: ValueWriter
  readonly #reader: ValueReader
  readonly #builder: Builder
  readonly #memory: StateMemory
  readonly #enter: Enter
  readonly #output: (text: Uint8Array) => void
  readonly #readFile: StateOptions['readFile']
  /** What functions of the host have thrown in this call, by the text that was raised. */
  readonly #causes = new Map<string, unknown>()
  /** The text that a call waits for. */
  #job: Job | undefined

  constructor(
    writer: ValueWriter,
    reader: ValueReader,
    { hosts, functions }: FunctionTables,
    { output = () => {}, readFile }: StateOptions,
    logging: boolean,
  ) {
    this.#writer = writer
    this.#reader = reader
    this.#hosts = hosts
    this.#functions = functions
    this.#builder = writer.builder
    this.#memory = writer.builder.memory
    this.#enter = writer.builder.enter
    this.#output = output
    this.#readFile = readFile
    this.logging = logging
  }

  /** Arguments of the request or yield under way. @throws OutOfMemory, StateError `BAD_VALUE` */
  arguments(): LuaValue[] {
    const m = this.#memory
    const args: LuaValue[] = []
    for (let at = m.word(G.ARGS); at < m.word(G.TOP); at += 8) args.push(this.#reader.read(at))
    this.#functions.keep()
    return args
  }

  /** Raises an error in the script, from outside. */
  raise(message: string): void {
    const text = Buffer.from(message).subarray(0, MEMORY.MAILBOX_BYTES)
    this.#memory.bytes.set(text, MEMORY.MAILBOX)
    this.#enter(COMMAND.RAISE, text.length, 0)
  }

  /** Raises what a function of the host has thrown. */
  #raiseThrown(error: unknown): undefined {
    const message = messageOf(error)
    if (this.#causes.size === MOST_CAUSES) this.#causes.clear()
    this.#causes.set(message, error)
    this.raise(message)
  }

  /** What a function of the host has thrown, if that is the error value that a call ends with. */
  causeOf(value: LuaValue): unknown {
    if (typeof value !== 'string') return undefined
    if (this.#causes.has(value)) return this.#causes.get(value)
    // coroutine.wrap puts a position before it
    for (const [message, error] of this.#causes) if (value.endsWith(`: ${message}`)) return error
    return undefined
  }

  /** Forgets what has been thrown. */
  forget(): void {
    if (this.#causes.size > 0) this.#causes.clear()
  }

  /**
   * Answers a request; what is to be waited for, if a binding answers later, or the compiler and the call `mayWait`: then
   * `settle` answers.
   */
  serve(mayWait = false): undefined | PromiseLike<unknown> {
    const m = this.#memory
    const request = m.word(G.REQUEST)
    if (request === REQUEST.WRITE) return this.#write(m.word(m.word(G.ARGS) + 8))
    if (request === REQUEST.COMPILE) return this.#compile(mayWait)
    if (request === REQUEST.FILE) return this.#giveFile()
    if (request === REQUEST.MODULE) return this.#giveModule()
    const number = m.word(G.REQUEST_ID)
    return this.#callHost(this.#hosts.get(number) ?? this.#found(number))
  }

  /** A function that this process hasn't registered, if it can serve it. */
  #found(number: number): RegisteredFunction | 'raised' | undefined {
    if (this.find === undefined) return undefined
    const { name, host } = this.find(number)
    if (typeof host === 'function') {
      const found = { name, call: host }
      this.#hosts.registered[number] = found
      return found
    }
    this.raise(
      host === 'hook'
        ? `'${name}' is served inside of hooks only`
        : `'${name}' is served by another process than the one that runs this script`,
    )
    return 'raised'
  }

  #callHost(host: RegisteredFunction | 'raised' | undefined): undefined | PromiseLike<unknown> {
    if (host === 'raised') return
    if (host === undefined) {
      this.#enter(COMMAND.HOOK_REFUSE, 0, 0)
      return
    }
    let args: LuaValue[]
    try {
      args = this.arguments()
    } catch (error) {
      return this.#raiseFailure(error)
    }
    let answer: unknown
    try {
      answer = host.call(...args)
      if (isThenable(answer)) return answer
    } catch (error) {
      return this.#raiseThrown(error)
    }
    this.#answer(answer, host.name)
  }

  /** Answers the request under way with what a binding has answered at last. */
  settle(outcome: NonNullable<Outcome>): void {
    if (this.#memory.word(G.REQUEST) === REQUEST.COMPILE && 'value' in outcome)
      this.#answerCompiled(outcome.value as CompileOutcome)
    else if ('error' in outcome) this.#raiseThrown(outcome.error)
    else this.#answer(outcome.value, this.#hosts.get(this.#memory.word(G.REQUEST_ID))?.name ?? 'a binding')
  }

  /** The wait is over, with an answer or without. */
  waited(): void {
    this.#job?.stop()
    this.#job = undefined
  }

  /** A text that the script writes: to whoever made the call, and to the log. */
  #write(text: number): undefined {
    const m = this.#memory
    const bytes = m.stringBytes(text).slice()
    if (this.logging) {
      m.setCount(m.word(MEMORY.CONTROL) + CONTROL.TIME, nanosecondsSinceBoot())
      this.#enter(COMMAND.LOG, text + OBJECT.STRING.DATA, bytes.length)
    }
    try {
      this.#output(bytes)
    } catch (error) {
      return this.#raiseThrown(error)
    }
    this.#enter(COMMAND.RESUME, 0, 0)
  }

  /** Delivers the results of a function; what can't be delivered is raised in the script, as if the function had thrown. */
  #answer(answer: unknown, name: string): undefined {
    let count = 1
    try {
      if (answer instanceof Results) {
        count = answer.values.length
        this.#writer.pushAll(answer.values, (n) => `result ${n} of ${name}`)
      } else if (answer === undefined) count = 0
      else this.#writer.pushResult(answer as Argument, name)
    } catch (error) {
      return this.#raiseFailure(error)
    }
    this.#enter(COMMAND.RESUME, count, 0)
  }

  /** Raises why a value can't be delivered. @throws what isn't a failure of the value */
  #raiseFailure(error: unknown): undefined {
    if (error instanceof OutOfMemory) this.#enter(COMMAND.RAISE, -1, 0)
    else if (error instanceof StateError && (error.code === 'BROKEN' || error.code === 'CLOSED')) throw error
    else this.#raiseThrown(error)
  }

  /** A file's text, or nil and why it can't be read: false where there are no files. */
  #giveFile(): undefined {
    const m = this.#memory
    const path = Buffer.from(m.stringBytes(m.word(m.word(G.ARGS) + 8))).toString()
    if (!this.#readFile) return this.#answer(new Results([null, false]), 'readFile')
    let text: Uint8Array
    try {
      text = this.#readFile(path)
      if (!isUint8Array(text)) throw new StateError('BAD_VALUE', 'readFile has returned no Uint8Array')
    } catch (error) {
      return this.#answer(new Results([null, messageOf(error)]), 'readFile')
    }
    if (this.#builder.pushBytes(text)) this.#enter(COMMAND.RESUME, 1, 0)
    else this.#enter(COMMAND.RAISE, -1, 0)
  }

  /** `load`: the function, or nil and the message. A long text is compiled elsewhere, if the call may wait. */
  #compile(mayWait: boolean): undefined | PromiseLike<unknown> {
    const m = this.#memory
    const text = m.stringBytes(m.word(m.word(G.ARGS) + 8)).slice()
    const limits = limitsOf(m, fuelLeft(m))
    if (!mayWait || text.length <= SHORT)
      return this.#answerCompiled(compileWithin(text, this.#chunkName(), limits))
    this.#job = compileApart(text, this.#chunkName(), limits)
    return this.#job.outcome
  }

  #chunkName(): string {
    const m = this.#memory
    return Buffer.from(m.stringBytes(m.word(m.word(G.ARGS) + 16))).toString()
  }

  /** The script pays; if it can't, it gets the error at its next instruction. */
  #answerCompiled(outcome: CompileOutcome): undefined {
    const out = outcome.kind === 'stopped' && outcome.reason === 'fuel'
    if (out || !pay(this.#memory, outcome.fuel)) {
      pay(this.#memory, Number.MAX_SAFE_INTEGER)
      this.#enter(COMMAND.RESUME, 0, 0)
    } else if (outcome.kind === 'stopped') this.#enter(COMMAND.RAISE, -1, 0)
    else if (outcome.kind === 'chunk') this.#resumeWithChunk(outcome.chunk)
    else this.#refuse(outcome.diagnostics[0]!)
  }

  /** A text that can't be compiled. A failure of the compiler is no result, but an error. */
  #refuse(diagnostic: Diagnostic): void {
    const message = referenceMessage(this.#chunkName(), diagnostic)
    if (diagnostic.code === DIAGNOSTICS.internal.code) {
      this.raise(fromByteString(message))
      return
    }
    this.#builder.pushWord(TAG.NIL, 0)
    if (this.#builder.pushBytes(Buffer.from(message, 'latin1'))) this.#enter(COMMAND.RESUME, 2, 0)
    else this.#enter(COMMAND.RAISE, -1, 0)
  }

  #resumeWithChunk(chunk: Uint8Array): undefined {
    if (this.#writer.pushChunk(chunk)) this.#enter(COMMAND.RESUME, 1, 0)
    else this.#enter(COMMAND.RAISE, -1, 0)
  }

  /** The main function of a module that comes with Moonring, or nil. */
  #giveModule(): undefined {
    const m = this.#memory
    const name = Buffer.from(m.stringBytes(m.word(m.word(G.ARGS) + 8))).toString()
    if (!MODULES.includes(name)) return this.#answer(null, 'require')
    return this.#resumeWithChunk(preludeChunks()[name] as Uint8Array)
  }
}

/** Whether something is to be waited for, as `await` sees it. */
function isThenable(answer: unknown): answer is PromiseLike<unknown> {
  if (answer instanceof Promise) return true
  const hasThen = typeof answer === 'object' && answer !== null && 'then' in answer
  return hasThen && typeof answer.then === 'function'
}
