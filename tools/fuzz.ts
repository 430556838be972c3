/**
 * `npm run fuzz`: random programs in lua5.4, in user space and, as root, in the kernel, for as long as it is told.
 * A difference ends it with the seed and a program that is as small as it could be made.
 */
import process from 'node:process'
import { parseArgs } from 'node:util'
import { KernelRunner, runInUserSpace } from './fuzz/engines.ts'
import { programOf, sourceOf } from './fuzz/program.ts'
import { comparable, runReference } from './fuzz/reference.ts'
import { shrink } from './fuzz/shrink.ts'
import type { Node } from './fuzz/tree.ts'

const HELP = `usage: npm run fuzz -- [--minutes N] [--seed FROM] [--user] [--keep-going]

Runs random programs in lua5.4, in user space and in the kernel, and compares what they print.

  --minutes N    for so long (default: 1)
  --seed FROM    begin with this program (default: by the clock); the next ones follow
  --user         leave the kernel out, which needs root
  --keep-going   go on after a difference

Exit codes: 0 no difference, 1 a difference, which is shown with its seed, 2 wrong usage.`

/** Programs for one process of lua5.4. */
const BATCH = 40
/** Programs that are tried to make one with a difference smaller. */
const TRIES = 1500
const PROGRESS_SECONDS = 10

type Run = (source: string) => string

/** What the program prints in the engines that disagree with lua5.4. */
function disagreement(engines: Readonly<Record<string, Run>>, source: string, expected: string | undefined) {
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

function report(seed: number, program: readonly Node[], engines: Readonly<Record<string, Run>>): void {
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
  process.stdout.write(
    `seed ${seed} differs${found ? ` in ${found.engine}` : ''}; made smaller:\n\n${sourceOf(small)}\n`,
  )
  if (found) process.stdout.write(`${firstDifference(found.expected, found.output)}\n`)
}

function main(): number {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string', default: '1' },
      seed: { type: 'string' },
      user: { type: 'boolean', default: false },
      'keep-going': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(`${HELP}\n`)
    return 0
  }
  const minutes = Number(values.minutes)
  const first = values.seed === undefined ? Date.now() % 1e9 : Number(values.seed)
  if (!(minutes > 0) || !Number.isInteger(first)) {
    process.stderr.write(`${HELP}\n`)
    return 2
  }
  const kernel = values.user ? undefined : new KernelRunner()
  const engines: Record<string, Run> = { 'user space': runInUserSpace }
  if (kernel) engines['the kernel'] = (source) => kernel.run(source)
  try {
    return search(engines, first, minutes, values['keep-going'])
  } finally {
    kernel?.close()
  }
}

/** Runs batch after batch until the time is over. */
function search(
  engines: Readonly<Record<string, Run>>,
  first: number,
  minutes: number,
  keepGoing: boolean,
): number {
  const end = Date.now() + minutes * 60_000
  let [seed, compared, differences, shown] = [first, 0, 0, Date.now()]
  while (Date.now() < end) {
    const programs = Array.from({ length: BATCH }, (_, i) => programOf(seed + i))
    const expected = runReference(programs.map(sourceOf))
    for (const [i, program] of programs.entries()) {
      if (comparable(expected[i])) compared++
      if (!disagreement(engines, sourceOf(program), expected[i])) continue
      differences++
      report(seed + i, program, engines)
      if (!keepGoing) return 1
    }
    seed += BATCH
    if (Date.now() - shown < PROGRESS_SECONDS * 1000) continue
    shown = Date.now()
    process.stderr.write(`${compared} programs agree, up to seed ${seed - 1}\n`)
  }
  process.stderr.write(`${seed - first} programs, ${compared} compared, ${differences} differences\n`)
  return differences > 0 ? 1 : 0
}

process.exitCode = main()
