/**
 * `moonring` without a command: an interactive session on a fresh state. Lines are gathered until they are a
 * complete statement or expression, and run one after the other; the state lives on after errors.
 */

import { createInterface, type Interface } from 'node:readline'
import { version } from '../named/version.ts'
import type { State } from '../state/state.ts'
import { EXIT, type ExitCode } from './command-error.ts'
import { standardError, standardOutput } from './output.ts'
import { completeName } from './repl-complete.ts'
import { appendHistory, readHistory } from './repl-history.ts'
import { understand } from './repl-input.ts'
import { reportScriptFailure } from './script-failure.ts'
import { makeState, type StateSettings, stateSettings } from './state-options.ts'

const NAME = 'stdin'
const PROMPT = '> '
const CONTINUATION = '>> '

/**
 * Runs a session until the input ends.
 * @returns failed if the input is no terminal, so that somebody else wrote it, and some of it failed
 */
export async function repl(): Promise<ExitCode> {
  const terminal = process.stdin.isTTY && process.stdout.isTTY
  const settings = stateSettings({})
  const session = new Session(terminal, settings, await makeState(settings, standardOutput))
  await session.run()
  return terminal || !session.failed ? EXIT.fine : EXIT.failed
}

class Session {
  failed = false
  private readonly terminal: boolean
  private readonly settings: StateSettings
  private readonly state: State
  private readonly lines: Interface
  /** Lines of a statement that isn't complete. */
  private pending = ''
  private running = false

  constructor(terminal: boolean, settings: StateSettings, state: State) {
    this.terminal = terminal
    this.settings = settings
    this.state = state
    this.lines = createInterface({
      input: process.stdin,
      ...(terminal ? { output: process.stdout, history: readHistory(), historySize: 1000 } : {}),
      terminal,
      prompt: PROMPT,
      completer: (line: string) => completeName(this.state, line, this.running),
    })
  }

  async run(): Promise<void> {
    const interrupt = () => this.interrupt()
    this.lines.on('SIGINT', interrupt)
    process.on('SIGINT', interrupt)
    if (this.terminal) {
      standardOutput.write(`Moonring ${version()}, Lua 5.4 with 64-bit integers only. Ctrl-D leaves.\n`)
    }
    this.prompt()
    for await (const line of this.lines) {
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
    if (!this.terminal) return
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
      await this.state.loadAndPrint(text, { name: NAME })
    } catch (error) {
      this.failed = true
      standardOutput.flush()
      reportScriptFailure(error, { name: NAME, text: Buffer.from(text) }, this.settings)
    }
    this.running = false
  }

  /** Ctrl-C ends the script that runs; while typing it drops what has been typed. */
  private interrupt(): void {
    if (this.running) {
      this.state.interrupt()
      return
    }
    if (!this.terminal) process.exit(130)
    this.pending = ''
    this.lines.write(null, { ctrl: true, name: 'e' })
    this.lines.write(null, { ctrl: true, name: 'u' })
    standardOutput.write('\n')
    this.prompt()
  }
}
