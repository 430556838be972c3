/** Processes that tests and benchmarks start, talk to, and end. */
import type { ChildProcess } from 'node:child_process'
import { setTimeout } from 'node:timers/promises'

export interface Ended {
  readonly exit: number | null
  readonly out: string
  readonly err: string
}

/** How often a process is asked whether it has printed something, in milliseconds. */
const INTERVAL = 10

/** A process under way, with what it has printed so far. */
export class Service {
  readonly child: ChildProcess
  out = ''
  err = ''
  readonly ended: Promise<Ended>

  constructor(child: ChildProcess) {
    this.child = child
    child.stdout?.setEncoding('utf8').on('data', (text) => {
      this.out += text
    })
    child.stderr?.setEncoding('utf8').on('data', (text) => {
      this.err += text
    })
    this.ended = new Promise((resolve, reject) => {
      child.on('error', reject)
      child.on('close', (exit) => resolve({ exit, out: this.out, err: this.err }))
    })
    // whoever never waits for the end learns of a failure to start from what is missing
    this.ended.catch(() => {})
  }

  /**
   * Waits until it has printed something, to either of its outputs.
   * @throws Error when it ends, or says nothing of that kind for `patience` milliseconds
   */
  async said(pattern: RegExp, patience = 20_000): Promise<RegExpExecArray> {
    const command = this.child.spawnargs.join(' ')
    for (let waited = 0; ; waited += INTERVAL) {
      const found = pattern.exec(this.out) ?? pattern.exec(this.err)
      if (found !== null) return found
      const { exitCode, signalCode } = this.child
      const problem =
        exitCode !== null || signalCode !== null ? 'has ended' : waited > patience && 'is silent'
      if (problem) throw new Error(`${command} ${problem}: ${this.out}${this.err}`)
      await setTimeout(INTERVAL)
    }
  }

  /** Ends it, unless it has ended. */
  stop(signal: NodeJS.Signals = 'SIGKILL'): Promise<Ended> {
    this.child.kill(signal)
    return this.ended
  }
}
