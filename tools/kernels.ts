/**
 * `npm run test:kernels`: boots Debian's stock kernels in QEMU and runs the kernel tests in each. A line per kernel
 * on standard output, progress on standard error. See docs/kernels.md.
 */
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Archive } from './kernels/archive.ts'
import { bootKernel } from './kernels/boot-kernel.ts'
import { cacheFolder } from './kernels/cache-folder.ts'
import { fetchBusybox, fetchKernel, isUnpacked } from './kernels/kernel-image.ts'
import { chooseKernel, type KernelPackage, newestOfEach } from './kernels/kernel-version.ts'
import { textMatrix, withMatrix } from './kernels/matrix.ts'
import { HELP, type Options, parseOptions } from './kernels/options.ts'
import { findProgram, missingRequirement } from './kernels/requirements.ts'
import { judge, type Row, withoutGuest } from './kernels/row.ts'
import { snapshot } from './kernels/snapshot.ts'
import {
  abilitiesIn,
  kernelTests,
  REPORT,
  SCRIPTS,
  type Step,
  scriptOf,
  startedIn,
  stepsFor,
} from './kernels/steps.ts'
import { describe, KernelsError } from './kernels/unavailable.ts'

const DOCUMENT = 'docs/kernels.md'

const note = (text: string): void => void process.stderr.write(`${text}\n`)

const GONE = 'the archive has no such kernel any more'

/** What the command prints in user space. */
function moonring(args: readonly string[]): string {
  return spawnSync(process.execPath, ['bin/moonring', ...args], { encoding: 'utf8' }).stdout
}

function planSteps(tests: readonly string[] | undefined): Step[] {
  const abilities = abilitiesIn(moonring(['--help']) + moonring(['run', '--help']))
  const scripts = new Map(SCRIPTS.map((path) => [path, moonring(['run', path])]))
  const files = ['src', 'test'].flatMap((folder) =>
    readdirSync(folder, { recursive: true }).map((name) => join(folder, String(name))),
  )
  return stepsFor(abilities, scripts, tests ?? kernelTests(files))
}

function list(kernels: readonly KernelPackage[], cache: string): void {
  for (const { series, release } of newestOfEach(kernels))
    process.stdout.write(
      `${series.padEnd(6)} ${release}${isUnpacked(cache, release) ? '  (unpacked)' : ''}\n`,
    )
}

/** Says the name of each step as it starts. */
function sayStarts(say: (name: string) => void): (text: string) => void {
  let output = ''
  let said = 0
  return (text) => {
    output += text
    const started = startedIn(output)
    started.slice(said).forEach((name) => {
      say(name)
    })
    said = started.length
  }
}

/** What all kernels of a run share. */
interface Run {
  readonly archive: Archive
  readonly cache: string
  readonly steps: readonly Step[]
  readonly checkout: string
  readonly options: Options
  readonly signal: AbortSignal
}

/** Boots one kernel and judges it. What fails only with this one is a row of its own. */
async function runIn(kernel: KernelPackage, run: Run): Promise<Row> {
  try {
    return await bootAndJudge(kernel, run)
  } catch (error) {
    if (!(error instanceof KernelsError) || error.exitCode !== 1) throw error
    note(`${kernel.release}: ${describe(error)}`)
    return withoutGuest(kernel.release, 'failed', error.message)
  }
}

async function bootAndJudge(kernel: KernelPackage, run: Run): Promise<Row> {
  const { archive, cache, options, signal } = run
  const say = (text: string): void => note(`${kernel.release}: ${text}`)
  const busybox = fetchBusybox(cache, archive, say)
  const { image, modules } = fetchKernel(cache, archive, busybox, kernel, say)
  say('booting')
  const outcome = await bootKernel({
    image,
    modules,
    busybox,
    command: scriptOf(run.steps),
    cover: run.checkout,
    timeoutSeconds: options.timeoutSeconds,
    signal,
    files: [REPORT],
    onOutput: sayStarts(say),
    ...(options.keep ? { onKept: (folder: string) => say(`kept ${folder}`) } : {}),
  })
  const row = judge(kernel.release, run.steps, outcome, outcome.files[REPORT] ?? '')
  say(row.result)
  if (row.result === 'failed') note(outcome.output.trimEnd().replace(/^/gm, '    '))
  return row
}

async function runAll(options: Options, signal: AbortSignal): Promise<number> {
  const missing = missingRequirement((name) => findProgram(name, process.env.PATH))
  if (missing) throw missing
  const cache = cacheFolder()
  const archive = Archive.open(join(cache, 'apt'), note)
  const kernels = archive.kernels()
  if (options.list) {
    list(kernels, cache)
    return 0
  }
  const choices = options.kernels.map((word) => ({ word, kernel: chooseKernel(word, kernels) }))
  const unknown = choices.find(({ kernel }) => kernel === undefined)
  if (unknown && options.chosen)
    throw new KernelsError(
      2,
      'KERNELS_UNKNOWN_KERNEL',
      `Cannot boot ${unknown.word}: the archive has no such kernel`,
      '--list shows those that it has.',
    )
  const rows: Row[] = []
  const checkout = snapshot('.')
  try {
    const run: Run = { archive, cache, steps: planSteps(options.tests), checkout, options, signal }
    for (const { word, kernel } of choices)
      if (!signal.aborted) rows.push(kernel ? await runIn(kernel, run) : withoutGuest(word, 'skipped', GONE))
  } finally {
    rmSync(checkout, { recursive: true, force: true })
  }
  report(rows, options)
  return rows.some(({ result }) => result === 'failed') || signal.aborted ? 1 : 0
}

function report(rows: readonly Row[], options: Options): void {
  const date = new Date().toISOString().slice(0, 10)
  process.stdout.write(options.json ? `${JSON.stringify({ date, rows }, null, 2)}\n` : textMatrix(rows))
  if (options.writeDocs) writeFileSync(DOCUMENT, withMatrix(readFileSync(DOCUMENT, 'utf8'), rows, date))
}

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2))
  if (options.help) {
    process.stdout.write(HELP)
    return 0
  }
  const stop = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort())
  return await runAll(options, stop.signal)
}

try {
  process.exitCode = await main()
} catch (error) {
  if (!(error instanceof KernelsError)) throw error
  note(describe(error))
  process.exitCode = error.exitCode
}
