/** Mode `programs`: random programs must print in Moonring's engines what they print in lua5.4. */
import { KernelRunner, runInUserSpace } from './engines.ts'
import type { FuzzMode, FuzzRun } from './mode.ts'
import { programOf, sourceOf } from './program.ts'
import { comparable, runReference } from './reference.ts'
import { shrink } from './shrink.ts'
import type { Node } from './tree.ts'

/** Programs for one process of lua5.4. */
const BATCH = 40
/** Programs that are tried to make one with a difference smaller. */
const TRIES = 1500

type Run = (source: string) => string
type Engines = Readonly<Record<string, Run>>

/** What the program prints in the first engine that disagrees with lua5.4. */
function disagreement(engines: Engines, source: string, expected: string | undefined) {
  if (!comparable(expected)) return undefined
  for (const [engine, run] of Object.entries(engines)) {
    const output = run(source)
    if (output !== expected) return { engine, output, expected }
  }
  return undefined
}

const firstDifference = (a: string, b: string): string => {
  const [as, bs] = [a.split('\n'), b.split('\n')]
  const at = as.findIndex((line, i) => line !== bs[i])
  const line = at < 0 ? as.length : at
  return `line ${line + 1}\n  lua5.4:   ${as[line] ?? '(ends)'}\n  moonring: ${bs[line] ?? '(ends)'}`
}

/** What a difference is about: its first line, without numbers and texts. */
const kindOf = ({ expected, output }: { expected: string; output: string }): string =>
  firstDifference(expected, output)
    .replace(/^line \d+/, '')
    .replace(/\d+|'[^']*'|"[^"]*"/g, '')

/** The program, made as small as it can be while its difference stays of the same kind. */
function describeDifference(program: readonly Node[], engines: Engines): string {
  const find = (nodes: readonly Node[]) => {
    const source = sourceOf(nodes)
    return disagreement(engines, source, runReference([source])[0])
  }
  const first = find(program)
  const same = (nodes: readonly Node[]): boolean => {
    const found = find(nodes)
    return found !== undefined && first !== undefined && kindOf(found) === kindOf(first)
  }
  const small = shrink(program, same, TRIES)
  const found = find(small)
  const what = found ? `in ${found.engine}, ${firstDifference(found.expected, found.output)}` : 'no longer'
  return `made smaller:\n\n${sourceOf(small)}\n${what}`
}

class ProgramsRun implements FuzzRun {
  readonly #kernel: KernelRunner | undefined
  readonly #engines: Engines
  /** Seed of the first program of the batch that lua5.4 has run, and what its programs print. */
  #batch: { readonly from: number; readonly expected: readonly (string | undefined)[] } | undefined
  #compared = 0

  constructor(kernel: boolean) {
    const runner = kernel ? new KernelRunner() : undefined
    this.#kernel = runner
    this.#engines = {
      'user space': runInUserSpace,
      ...(runner && { 'the kernel': (source: string) => runner.run(source) }),
    }
  }

  difference(seed: number): string | undefined {
    const program = programOf(seed)
    const expected = this.#expected(seed)
    if (comparable(expected)) this.#compared++
    if (!disagreement(this.#engines, sourceOf(program), expected)) return undefined
    return describeDifference(program, this.#engines)
  }

  #expected(seed: number): string | undefined {
    const batch = this.#batch
    if (batch && seed >= batch.from && seed < batch.from + BATCH) return batch.expected[seed - batch.from]
    const sources = Array.from({ length: BATCH }, (_, i) => sourceOf(programOf(seed + i)))
    const expected = runReference(sources)
    this.#batch = { from: seed, expected }
    return expected[0]
  }

  summary(): string {
    return `${this.#compared} programs compared`
  }

  close(): void {
    this.#kernel?.close()
  }
}

export const PROGRAMS_MODE: FuzzMode = {
  name: 'programs',
  about: 'random programs, in lua5.4 and in both engines',
  start: ({ kernel }) => new ProgramsRun(kernel),
}
