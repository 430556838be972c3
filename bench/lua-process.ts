/**
 * Engines that are programs: lua5.4 and luajit. One process per benchmark runs bench/harness.lua, which
 * times each run with os.clock (processor time) and answers over its standard output.
 */
import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import type { Engine, Session } from './engine.ts'

type HarnessProcess = ChildProcessByStdio<Writable, Readable, Readable>

interface Answer {
  readonly head: readonly string[]
  readonly text: string
}

/** Reads the harness's answers: a line of words, the last of which is the length of the text after it. */
class AnswerReader {
  private pending = Buffer.alloc(0)
  private readonly child: HarnessProcess
  private complaint = ''

  constructor(child: HarnessProcess) {
    this.child = child
    child.stderr.on('data', (bytes: Buffer) => {
      this.complaint += bytes.toString('latin1')
    })
  }

  /** Resolves with the next answer; rejects when it is an error or the process ends. */
  next(): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const done = (settle: () => void) => {
        this.child.stdout.off('data', take)
        this.child.off('close', ended)
        this.child.off('error', ended)
        settle()
      }
      const ended = () => done(() => reject(new Error(this.complaint.trim() || 'the process ended')))
      const take = (bytes: Buffer) => {
        this.pending = Buffer.concat([this.pending, bytes])
        const answer = this.parse()
        if (answer === undefined) return
        if (answer.head[0] === 'error') done(() => reject(new Error(answer.text)))
        else done(() => resolve(answer))
      }
      this.child.on('close', ended)
      this.child.on('error', ended)
      this.child.stdout.on('data', take)
    })
  }

  private parse(): Answer | undefined {
    const lineEnd = this.pending.indexOf('\n')
    if (lineEnd < 0) return undefined
    const head = this.pending.toString('latin1', 0, lineEnd).split(' ')
    const end = lineEnd + 1 + Number(head.at(-1))
    if (this.pending.length < end) return undefined
    const text = this.pending.toString('latin1', lineEnd + 1, end)
    this.pending = this.pending.subarray(end)
    return { head, text }
  }
}

const openProcess = async (program: string, harness: string, file: string): Promise<Session> => {
  const child = spawn(program, [harness, file], { stdio: ['pipe', 'pipe', 'pipe'] })
  // A write to a process that has ended shows up as the missing answer.
  child.stdin.on('error', () => {})
  const answers = new AnswerReader(child)
  await answers.next()
  return {
    async run() {
      const answered = answers.next()
      child.stdin.write('run\n')
      const { head, text } = await answered
      return { ms: Number(head[1]), output: text }
    },
    async close() {
      child.stdin.end()
      if (child.exitCode === null) await new Promise((resolve) => child.once('close', resolve))
    },
  }
}

/** An engine that is the program `program`; `harness` is the path of bench/harness.lua. */
export const luaProcess = (program: string, harness: string): Engine => ({
  name: program,
  async available() {
    const { error } = spawnSync(program, ['-v'])
    return error === undefined ? undefined : `not installed (apt install ${program})`
  },
  open: (file) => openProcess(program, harness, file),
})
