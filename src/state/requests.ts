/** Answers what the VM stops for with REQUEST: output, compiling, files, and registered functions, which may answer later. */
import { COMMAND, CONTROL, G, MEMORY, OBJECT, REQUEST, TAG } from '../isa/layout.ts'
import { compile } from '../lang/compile.ts'
import { CompileError, referenceMessage } from '../lang/diagnostics.ts'
import { type HostFunction, type HostResult, Results } from './argument.ts'
import type { Enter } from './engine.ts'
import { type Builder, MODULES } from './image.ts'
import type { LuaValue, StateMemory } from './memory.ts'
import type { StateOptions } from './state-options.ts'
import { nanosecondsSinceBoot } from './time.ts'
import { preludeChunks } from './user-engine.ts'
import type { ValueWriter } from './value-writer.ts'

/** Which call is under way. */
export interface CurrentCall {
  readonly number: number
  /** Whether that call is still under way. */
  isCurrent(number: number): boolean
}

export class Requests {
  /** Registered functions by their numbers; those of other processes that use the state are missing. */
  readonly hosts: (HostFunction | undefined)[] = []
  /** Whether what the script writes goes to the state's log, too. */
  logging = false
  readonly #writer: ValueWriter
  readonly #builder: Builder
  readonly #memory: StateMemory
  readonly #enter: Enter
  readonly #output: (text: Uint8Array) => void
  readonly #readFile: StateOptions['readFile']
  readonly #call: CurrentCall

  constructor(writer: ValueWriter, { output = () => {}, readFile }: StateOptions, call: CurrentCall) {
    this.#writer = writer
    this.#builder = writer.builder
    this.#memory = writer.builder.memory
    this.#enter = writer.builder.enter
    this.#output = output
    this.#readFile = readFile
    this.#call = call
  }

  /** Arguments of the request or yield under way. */
  arguments(): LuaValue[] {
    const m = this.#memory
    const args: LuaValue[] = []
    for (let at = m.word(G.ARGS); at < m.word(G.TOP); at += 8) args.push(m.value(at))
    return args
  }

  /** Raises an error in the script, from outside. */
  raise(message: string): void {
    const text = Buffer.from(message).subarray(0, MEMORY.MAILBOX_BYTES)
    this.#memory.bytes.set(text, MEMORY.MAILBOX)
    this.#enter(COMMAND.RAISE, text.length, 0)
  }

  /** Answers a request; a promise if a binding answers later. */
  serve(): undefined | Promise<void> {
    const m = this.#memory
    const request = m.word(G.REQUEST)
    if (request === REQUEST.WRITE) {
      this.#write(m.word(m.word(G.ARGS) + 8))
      this.#enter(COMMAND.RESUME, 0, 0)
      return
    }
    if (request === REQUEST.COMPILE) return this.#compile()
    if (request === REQUEST.FILE) return this.#giveFile()
    if (request === REQUEST.MODULE) return this.#giveModule()
    const args = this.arguments()
    let answer: ReturnType<HostFunction>
    try {
      const host = this.hosts[m.word(G.REQUEST_ID)]
      if (host === undefined) {
        this.#enter(COMMAND.HOOK_REFUSE, 0, 0)
        return
      }
      answer = host(...args)
    } catch (error) {
      this.raise(messageOf(error))
      return
    }
    if (answer instanceof Promise) {
      // an answer that comes after the call has been given up is nobody's
      const call = this.#call.number
      return answer.then(
        (late) => this.#call.isCurrent(call) && this.#resume(late as HostResult),
        (error: unknown) => this.#call.isCurrent(call) && this.raise(messageOf(error)),
      ) as Promise<void>
    }
    this.#resume(answer as HostResult)
  }

  /** A text that the script writes: to whoever made the call, and to the log. */
  #write(text: number): void {
    const m = this.#memory
    const bytes = m.stringBytes(text).slice()
    if (this.logging) {
      m.setCount(m.word(MEMORY.CONTROL) + CONTROL.TIME, nanosecondsSinceBoot())
      this.#enter(COMMAND.LOG, text + OBJECT.STRING.DATA, bytes.length)
    }
    this.#output(bytes)
  }

  #resume(answer: HostResult): undefined {
    const values = answer instanceof Results ? answer.values : answer === undefined ? [] : [answer]
    this.#writer.pushAll(values)
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
    const name = Buffer.from(m.stringBytes(m.word(args + 16))).toString()
    let chunk: Uint8Array
    try {
      chunk = compile(text, { name })
    } catch (error) {
      if (!(error instanceof CompileError)) throw error
      this.#builder.pushWord(TAG.NIL, 0)
      const message = referenceMessage(name, error.diagnostics[0]!)
      this.#writer.require(this.#builder.pushBytes(Buffer.from(message, 'latin1')))
      this.#enter(COMMAND.RESUME, 2, 0)
      return
    }
    this.#resumeWithChunk(chunk)
  }

  #resumeWithChunk(chunk: Uint8Array): undefined {
    if (this.#writer.pushChunk(chunk)) this.#enter(COMMAND.RESUME, 1, 0)
    else this.#enter(COMMAND.RAISE, -1, 0)
  }

  /** The main function of a module that comes with Moonring, or nil. */
  #giveModule(): undefined {
    const m = this.#memory
    const name = Buffer.from(m.stringBytes(m.word(m.word(G.ARGS) + 8))).toString()
    if (!MODULES.includes(name)) return this.#resume(null)
    return this.#resumeWithChunk(preludeChunks()[name] as Uint8Array)
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
