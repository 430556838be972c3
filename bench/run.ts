/**
 * The benchmark runner: `npm run bench -- [options]`. It times every file of bench/lua on Moonring and on
 * the other Lua implementations found, and prints medians and ratios to lua5.4. docs/benchmarks.md says
 * how the times are taken.
 */
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { cpus, release } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { Engine } from './engine.ts'
import { fengari } from './fengari.ts'
import { hostFigures, renderFigures } from './figures.ts'
import { kernelFigures } from './kernel-figures.ts'
import { luaProcess } from './lua-process.ts'
import { type BenchmarkResult, measure, overall } from './measure.ts'
import { moonring, moonringKernel } from './moonring.ts'
import { namedFigures } from './named-figures.ts'
import { pauseFigures } from './pauses.ts'
import { asMarkdown, asText, failures, mismatches } from './report.ts'
import { wasmoon } from './wasmoon.ts'

const BASELINE = 'lua5.4'
const SUBJECT = 'moonring'
const DEFAULT_RUNS = 5
const BUDGET_MS = 30_000

const HELP = `Usage: npm run bench -- [options]

  --filter TEXT   only benchmarks whose name contains TEXT
  --runs N        measured runs of each engine, after one warm-up (default ${DEFAULT_RUNS})
  --peers         also luajit, wasmoon and fengari, as far as they are installed
  --engine NAME   only this engine besides ${BASELINE} (may be repeated)
  --markdown      print a Markdown table
  --json FILE     also write everything measured to FILE
  --help
`

interface Options {
  readonly filter: string
  readonly runs: number
  readonly peers: boolean
  readonly engines: readonly string[] | undefined
  readonly markdown: boolean
  readonly json: string | undefined
}

const say = (text: string): void => {
  process.stderr.write(text)
}

/** Options from the command line; undefined after `--help`. Throws on wrong usage. */
const readOptions = (): Options | undefined => {
  const { values } = parseArgs({
    options: {
      filter: { type: 'string', default: '' },
      runs: { type: 'string', default: String(DEFAULT_RUNS) },
      peers: { type: 'boolean', default: false },
      engine: { type: 'string', multiple: true },
      markdown: { type: 'boolean', default: false },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return undefined
  const runs = Number(values.runs)
  if (!Number.isInteger(runs) || runs < 1)
    throw new Error(`--runs needs a number from 1 on, not ${values.runs}`)
  const { filter, peers, engine: engines, markdown, json } = values
  return { filter, runs, peers, engines, markdown, json }
}

/** The bench folder of the checkout; this file runs from dist/bench too, where no Lua files are. */
const benchFolder = (): string => {
  let folder = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(folder, 'bench', 'harness.lua'))) {
    if (folder === dirname(folder)) throw new Error('Cannot find bench/harness.lua: run this in a checkout')
    folder = dirname(folder)
  }
  return join(folder, 'bench')
}

const chooseEngines = async (folder: string, { peers, engines }: Options): Promise<Engine[]> => {
  const harness = join(folder, 'harness.lua')
  const all = [luaProcess(BASELINE, harness), moonring, moonringKernel]
  const others = [luaProcess('luajit', harness), wasmoon, fengari]
  if (peers || engines !== undefined) all.push(...others)
  const unknown = engines?.find((name) => !all.some((engine) => engine.name === name))
  if (unknown !== undefined)
    throw new Error(`--engine knows ${all.map(({ name }) => name).join(', ')}, not ${unknown}`)
  const chosen: Engine[] = []
  for (const engine of all) {
    if (engines !== undefined && engine.name !== BASELINE && !engines.includes(engine.name)) continue
    const missing = await engine.available()
    if (missing === undefined) chosen.push(engine)
    else say(`${engine.name}: ${missing}\n`)
  }
  return chosen
}

const measureAll = async (folder: string, engines: readonly Engine[], options: Options) => {
  const files = readdirSync(join(folder, 'lua'))
    .filter((file) => file.endsWith('.lua') && file.includes(options.filter))
    .sort()
  if (files.length === 0) throw new Error(`Cannot run benchmarks: no name contains '${options.filter}'`)
  const results: BenchmarkResult[] = []
  for (const [index, file] of files.entries()) {
    say(`[${index + 1}/${files.length}] ${file}\n`)
    const settings = { runs: options.runs, budget: BUDGET_MS, baseline: BASELINE }
    results.push(await measure(join(folder, 'lua', file), engines, settings))
  }
  return results
}

const writeJson = (file: string, results: readonly BenchmarkResult[], engines: readonly string[]): void => {
  const geometricMeans = Object.fromEntries(engines.map((engine) => [engine, overall(results, engine)]))
  const machine = { cpu: cpus()[0]?.model ?? 'unknown', kernel: release(), node: process.version }
  const document = { date: new Date().toISOString(), machine, baseline: BASELINE, geometricMeans, results }
  writeFileSync(file, `${JSON.stringify(document, null, 2)}\n`)
}

const main = async (options: Options): Promise<number> => {
  const folder = benchFolder()
  const engines = await chooseEngines(folder, options)
  const names = engines.map(({ name }) => name)
  const results = await measureAll(folder, engines, options)
  process.stdout.write((options.markdown ? asMarkdown : asText)(results, names, BASELINE))
  if (options.filter === '' && names.includes(SUBJECT)) {
    say('host interface\n')
    const root = dirname(folder)
    const figures = [...(await hostFigures(root)), ...(await pauseFigures('user'))]
    if (names.includes(moonringKernel.name))
      figures.push(
        ...(await kernelFigures(root)),
        ...(await namedFigures(root)),
        ...(await pauseFigures('kernel')),
      )
    process.stdout.write(`\n${renderFigures(figures, options.markdown)}`)
  }
  if (options.json !== undefined) writeJson(options.json, results, names)
  const wrong = mismatches(results)
  for (const line of [...failures(results), ...wrong]) say(`${line}\n`)
  const subjectFailed = results.some(({ engines: measured }) =>
    [BASELINE, SUBJECT, moonringKernel.name].some((name) => measured[name] && 'failed' in measured[name]),
  )
  const wanted = options.engines?.includes(SUBJECT) ?? true
  const subjectMissing = wanted && !names.includes(SUBJECT)
  return wrong.length > 0 || subjectFailed || subjectMissing ? 1 : 0
}

const start = async (): Promise<number> => {
  let options: Options | undefined
  try {
    options = readOptions()
  } catch (error) {
    say(`${(error as Error).message}\n${HELP}`)
    return 2
  }
  if (options === undefined) {
    process.stdout.write(HELP)
    return 0
  }
  try {
    return await main(options)
  } catch (error) {
    say(`${(error as Error).message}\n`)
    return 2
  }
}

process.exitCode = await start()
