/**
 * `moonring` without a command: an interactive session on a fresh state; `moonring repl`: in a named one. Lines are
 * gathered until they are a complete statement or expression, and run one after the other; the state lives on after
 * errors.
 */

import { createInterface, type Interface } from 'node:readline'
import { encodeBytes } from '../host/printable.ts'
import { fieldsOf } from '../named/fields.ts'
import type { NamedState } from '../named/named-state.ts'
import { version } from '../named/version.ts'
import { LARGEST } from '../state/state-options.ts'
import { EXIT, type ExitCode } from './command-error.ts'
import { standardError, standardOutput } from './output.ts'
import { completeName } from './repl-complete.ts'
import { appendHistory, readHistory } from './repl-history.ts'
import { understand } from './repl-input.ts'
import { linesOf } from './repl-lines.ts'
import { type Limits, reportScriptFailure } from './script-failure.ts'
import { makeState, stateSettings } from './state-options.ts'

const NAME = 'stdin'
const PROMPT = '> '
const CONTINUATION = '>> '

/** What a session needs of a state. */
type Listener = Pick<NamedState, 'evaluate' | 'interrupt' | 'fields'>

/**
 * Runs a session on a fresh state until the input ends.
 * @returns failed if the input is no terminal, so that somebody else wrote it, and some of it failed
 */
export async function repl(): Promise<ExitCode> {
  const settings = stateSettings({})
  const state = await makeState(settings, standardOutput)
  const listener: Listener = {
    evaluate: ({ name, text }) => state.loadAndPrint(text, { name }),
    interrupt: () => state.interrupt(),
    fields: async (path) => fieldsOf(state, path),
  }
  return converse(settings, listener)
}

/** The same in a named state, which stays. */
export async function replIn(name: string): Promise<ExitCode> {
  const { withState } = await import('./states.ts')
  return withState(name, async (state) => {
    const { memory, fuel } = await state.describe()
    return converse({ memory: memory.limit, fuel: fuel ?? undefined, largest: LARGEST[state.engine] }, state)
  })
}

async function converse(limits: Limits, state: Listener): Promise<ExitCode> {
  const terminal = process.stdin.isTTY && process.stdout.isTTY
  const session = new Session(terminal, limits, state)
  await session.run()
  return terminal || !session.failed ? EXIT.fine : EXIT.failed
}

class Session {
  failed = false
  private readonly terminal: boolean
  private readonly limits: Limits
  private readonly state: Listener
  /** Of a terminal. */
  private readonly lines: Interface | undefined
  /** Lines of a statement that isn't complete. */
  private pending = ''
  private running = false

  constructor(terminal: boolean, limits: Limits, state: Listener) {
    this.terminal = terminal
    this.limits = limits
    this.state = state
    this.lines = terminal ? this.openTerminal() : undefined
  }

  private openTerminal(): Interface {
    return createInterface({
      input: process.stdin,
      output: process.stdout,
      history: readHistory(),
      historySize: 1000,
      terminal: true,
      prompt: PROMPT,
      completer: (line: string, done: (error: null, result: [string[], string]) => void) => {
        // a state that runs a script can't be asked
        const fields = async (path: string) => (this.running ? [] : this.state.fields(path))
        void completeName(fields, line).then((result) => done(null, result))
      },
    })
  }

  async run(): Promise<void> {
    const interrupt = () => this.interrupt()
    this.lines?.on('SIGINT', interrupt)
    process.on('SIGINT', interrupt)
    if (this.terminal) {
      standardOutput.write(`Moonring ${version()}, Lua 5.4 with 64-bit integers only. Ctrl-D leaves.\n`)
    }
    this.prompt()
    for await (const line of this.lines ?? linesOf(process.stdin)) {
      await this.take(line)
      this.prompt()
    }
    if (this.pending !== '') await this.execute(understand(this.pending, true).text)
    if (this.terminal) standardOutput.write('\n')
    process.off('SIGINT', interrupt)
  }

  private prompt(): void {
    standardOutput.flush()
    standardError.flush()
    if (!this.lines) return
    this.lines.setPrompt(this.pending === '' ? PROMPT : CONTINUATION)
    this.lines.prompt()
  }

  private async take(line: string): Promise<void> {
    if (this.terminal && line.trim() !== '') appendHistory(line)
    const gathered = this.pending === '' ? line : `${this.pending}\n${line}`
    const input = understand(gathered, false)
    this.pending = input.complete ? '' : gathered
    if (input.complete) await this.execute(input.text)
  }

  /** Runs a chunk and prints its results; errors are shown, and the state lives on. */
  private async execute(text: string): Promise<void> {
    this.running = true
    try {
      await this.state.evaluate({ name: NAME, text: encodeBytes(text) }, (bytes) =>
        standardOutput.script(bytes),
      )
    } catch (error) {
      this.failed = true
      standardOutput.flush()
      reportScriptFailure(error, { name: NAME, text: encodeBytes(text) }, this.limits)
    }
    this.running = false
  }

  /** Ctrl-C ends the script that runs; while typing it drops what has been typed. */
  private interrupt(): void {
    if (this.running) {
      this.state.interrupt()
      return
    }
    if (!this.lines) process.exit(130)
    this.pending = ''
    this.lines.write(null, { ctrl: true, name: 'e' })
    this.lines.write(null, { ctrl: true, name: 'u' })
    standardOutput.write('\n')
    this.prompt()
  }
}
