/**
 * `npm run bench:net -- [options]`: what filters and address translation cost the traffic between network namespaces,
 * in several mechanisms of the kernel and in scripts of Moonring. docs/benchmarks.md says how it is measured.
 */
import { writeFileSync } from 'node:fs'
import { cpus, release } from 'node:os'
import { parseArgs } from 'node:util'
import { countRunTimes } from '../../src/kernel/run-times.ts'
import { missingFor } from '../../tools/network/required-programs.ts'
import { median } from '../statistics.ts'
import { markdownTable, textTable } from '../table.ts'
import type { Contender } from './contender.ts'
import { CONTESTS, type Contest } from './contests.ts'
import { COLUMNS, type Figures, runTimesOf, runWorkloads, startServers } from './workloads.ts'

const HELP = `Usage: npm run bench:net -- [options]; needs root

  --seconds N     how long each kind of traffic flows (default 3)
  --runs N        measured runs of each mechanism (default 5)
  --contest NAME  only this one: ${CONTESTS.map(({ name }) => name).join(', ')}
  --only TEXT     only mechanisms whose name contains TEXT
  --markdown      print Markdown tables
  --json FILE     also write everything measured to FILE
  --help
`

interface Options {
  readonly seconds: number
  readonly runs: number
  readonly contest: string | undefined
  readonly only: string
  readonly markdown: boolean
  readonly json: string | undefined
}

const say = (text: string): void => {
  process.stderr.write(text)
}

function positive(name: string, text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1)
    throw new Error(`--${name} needs a number from 1 on, not ${text}`)
  return value
}

/** Options from the command line; undefined after `--help`. Throws on wrong usage. */
function readOptions(): Options | undefined {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '3' },
      runs: { type: 'string', default: '5' },
      contest: { type: 'string' },
      only: { type: 'string', default: '' },
      markdown: { type: 'boolean', default: false },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return undefined
  const { contest, only, markdown, json } = values
  if (contest !== undefined && !CONTESTS.some(({ name }) => name === contest))
    throw new Error(`--contest knows ${CONTESTS.map(({ name }) => name).join(', ')}, not ${contest}`)
  const seconds = positive('seconds', values.seconds)
  return { seconds, runs: positive('runs', values.runs), contest, only, markdown, json }
}

/** Figures of each run, by mechanism. */
type Measured = Map<string, Figures[]>

/** Whether somebody wants an end: what was made is removed first. */
let interrupted = false

/** One run of a mechanism, on a network of its own: rules leave their tables behind. */
async function runOnce(
  contest: Contest,
  contender: Contender,
  seconds: number,
  count: boolean,
): Promise<Figures> {
  const { network, place } = contest.build()
  const interrupt = () => {
    interrupted = true
    // what is under way fails without it
    void network.remove()
  }
  process.once('SIGINT', interrupt)
  try {
    await startServers(place)
    const active = await contender.start(place)
    try {
      if (!count) return await runWorkloads(place, seconds)
      using _counting = countRunTimes()
      return active.runTimes ? await runTimesOf(place, seconds, active.runTimes) : {}
    } finally {
      await active.stop()
    }
  } finally {
    process.off('SIGINT', interrupt)
    await network.remove()
  }
}

/** Those that can take part. */
function taking(contest: Contest, { only }: Options): Contender[] {
  return contest.contenders().filter((contender) => {
    if (!contender.name.includes(only)) return false
    const missing = contender.missing()
    if (missing !== undefined) say(`${contender.name}: ${missing}\n`)
    return missing === undefined
  })
}

async function measure(contest: Contest, options: Options): Promise<Measured> {
  const contenders = taking(contest, options)
  const measured: Measured = new Map(contenders.map(({ name }) => [name, []]))
  // the last run counts the times of programs, which costs time itself
  const runs = options.runs + 1
  try {
    for (let run = 1; run <= runs; run++)
      for (const contender of contenders) {
        if (interrupted) return measured
        say(`${contest.name}, run ${run} of ${runs}: ${contender.name}\n`)
        await runOnce(contest, contender, options.seconds, run === runs).then(
          (figures) => measured.get(contender.name)?.push(figures),
          (error: Error) => say(`${contender.name}: ${error.message}\n`),
        )
      }
  } finally {
    for (const contender of contenders) await contender.close?.()
  }
  return measured
}

/** Medians, with no digits that mean nothing. */
function cell(name: string, runs: readonly Figures[]): string {
  const values = runs.flatMap((figures) => (figures[name] === undefined ? [] : [figures[name]]))
  if (values.length === 0) return '–'
  const value = median(values)
  return value.toLocaleString('en', { maximumFractionDigits: value < 100 ? 1 : 0 })
}

function table(contest: Contest, measured: Measured, markdown: boolean): string {
  const heading = [contest.name, ...COLUMNS.map(({ name, unit }) => `${name}, ${unit}`)]
  const body = [...measured].map(([name, runs]) => [
    name,
    ...COLUMNS.map((column) => cell(column.name, runs)),
  ])
  return (markdown ? markdownTable : textTable)([heading, ...body])
}

async function main(options: Options): Promise<number> {
  const missing = missingFor(['iperf3'])
  if (missing !== undefined) {
    say(`Cannot run benchmarks: ${missing}\n`)
    return 2
  }
  const results: Record<string, unknown> = {}
  let complete = true
  for (const contest of CONTESTS) {
    if (options.contest !== undefined && contest.name !== options.contest) continue
    const measured = await measure(contest, options)
    if (interrupted) return 130
    results[contest.name] = Object.fromEntries(measured)
    complete &&= [...measured.values()].every((runs) => runs.length === options.runs + 1)
    process.stdout.write(`${table(contest, measured, options.markdown)}\n`)
  }
  if (options.json !== undefined) {
    const machine = { cpu: cpus()[0]?.model ?? 'unknown', kernel: release(), node: process.version }
    const document = { date: new Date().toISOString(), machine, options, columns: COLUMNS, results }
    writeFileSync(options.json, `${JSON.stringify(document, null, 2)}\n`)
  }
  return complete ? 0 : 1
}

async function start(): Promise<number> {
  try {
    const options = readOptions()
    if (options !== undefined) return await main(options)
    process.stdout.write(HELP)
    return 0
  } catch (error) {
    say(`${(error as Error).message}\n${HELP}`)
    return 2
  }
}

process.exitCode = await start()
