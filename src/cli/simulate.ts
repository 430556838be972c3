/** `moonring simulate cpufreq`: governors over a trace of loads, on a model of a machine. */

import { basename } from 'node:path'
import { registerCpuLibraries } from '../cpufreq/libraries.ts'
import { type LoadTrace, parseLoadTrace } from '../cpufreq/load-trace.ts'
import { DESKTOP_CORE } from '../cpufreq/processor-model.ts'
import { ScriptCalls } from '../cpufreq/script-calls.ts'
import { simulate as run, type Sample, SimulatedMachine } from '../cpufreq/simulate.ts'
import { plotSimulations } from '../cpufreq/simulation-plot.ts'
import { type SimulationSummary, summarize } from '../cpufreq/simulation-summary.ts'
import { drawSimulations } from '../cpufreq/simulation-table.ts'
import { Throttle } from '../cpufreq/throttle.ts'
import { TraceError } from '../cpufreq/trace-error.ts'
import { oneLine } from '../host/printable.ts'
import { ReadError, readBounded } from '../host/read-file.ts'
import { writeFile } from '../host/write-file.ts'
import { CommandError, EXIT, type ExitCode } from './command-error.ts'
import { milliseconds } from './govern.ts'
import { continued } from './log-lines.ts'
import { standardError, standardOutput } from './output.ts'
import { reportScriptFailure } from './script-failure.ts'
import { readScript } from './script-file.ts'
import {
  loadInterruptibly,
  makeState,
  type StateOptionTexts,
  type StateSettings,
  stateSettings,
  textTooLong,
} from './state-options.ts'

export interface SimulateCommandOptions extends StateOptionTexts {
  readonly trace: string
  readonly plot?: string
  readonly period: string
  readonly call: string
  readonly json?: true
}

/** Instructions that a script may execute for one policy. */
const FUEL = 100_000

/** Bytes of a trace: a week of a hundred processors, ten times a second. */
const LONGEST_TRACE = 256 << 20

/** Points of a line in the plot. */
const POINTS = 400

/** One governor's simulation. */
interface Simulated {
  readonly summary: SimulationSummary
  readonly samples: readonly Sample[]
}

/**
 * Simulates each script, and shows a table of all.
 * @throws CommandError for wrong usage, TraceError for a trace that can't be used
 */
export async function simulateCpufreq(
  files: readonly string[],
  options: SimulateCommandOptions,
): Promise<ExitCode> {
  const settings = stateSettings(options, FUEL)
  const period = milliseconds('--period', options.period)!
  const trace = readTrace(options.trace)
  const start = performance.now()
  const results: Simulated[] = []
  for (const file of files) {
    const result = await simulateOne(file, trace, period, settings, options.call)
    standardError.flush()
    if (result === undefined) return EXIT.failed
    results.push(result)
  }
  const seconds = (performance.now() - start) / 1000
  const summaries = results.map(({ summary }) => summary)
  show(summaries, trace, period, seconds, options)
  if (options.plot !== undefined) await plot(options.plot, results, options.trace)
  return summaries.some(({ errors }) => errors > 0) ? EXIT.failed : EXIT.fine
}

function readTrace(path: string): LoadTrace {
  const name = path === '-' ? 'standard input' : path
  let bytes: Buffer
  try {
    bytes = readBounded(path, { most: LONGEST_TRACE })
  } catch (error) {
    if (!(error instanceof ReadError)) throw error
    throw new TraceError('F001', `Cannot read ${name}: ${error.message}`, error.hint)
  }
  return parseLoadTrace(bytes.toString(), name)
}

/** Undefined, and the reason shown, if the script can't be loaded. */
async function simulateOne(
  file: string,
  trace: LoadTrace,
  period: number,
  settings: StateSettings,
  call: string,
): Promise<Simulated | undefined> {
  const script = readScript(file, settings.memory, textTooLong(settings))
  const machine = new SimulatedMachine(trace.cpus)
  // what the script prints is no part of the report
  using state = await makeState(settings, standardError)
  registerCpuLibraries(state, machine)
  try {
    await loadInterruptibly(state, script, [])
  } catch (error) {
    reportScriptFailure(error, script, settings)
    return undefined
  }
  if (!state.has(call))
    throw new CommandError(
      'M005',
      `Cannot simulate ${script.name}: it defines no function ${call}`,
      `define it as a global, function ${call}(cpu, cur, max, min) … end, or name another with --call`,
    )
  const log = (text: string) => standardError.write(`${continued(text, '  ')}\n`)
  const calls = new ScriptCalls(state, call, log)
  const throttle = new Throttle(machine, period * 1e6, (...args) => calls.call(...args))
  const result = run(machine, trace, (policy) => void throttle.run(policy), { period, samples: POINTS })
  const name = basename(script.name, '.lua')
  return { summary: summarize(name, result, trace.duration, calls.figures), samples: result.samples }
}

function show(
  summaries: readonly SimulationSummary[],
  trace: LoadTrace,
  period: number,
  seconds: number,
  options: SimulateCommandOptions,
): void {
  const { cpus, duration } = trace
  if (options.json) {
    const document = { trace: options.trace, cpus, duration, period, governors: summaries }
    standardOutput.json(document, 2)
  } else {
    const speed = Math.round((duration / 1000) * (summaries.length / seconds))
    standardOutput.write(
      `${drawSimulations(summaries.map((row) => ({ ...row, governor: oneLine(row.governor) })))}\n`,
    )
    standardOutput.write(
      `${duration / 1000} s of ${cpus} processors, a call every ${period} ms; ${speed} times as fast as real time\n`,
    )
  }
  standardOutput.flush()
}

async function plot(path: string, results: readonly Simulated[], trace: string): Promise<void> {
  const { steps } = DESKTOP_CORE
  const title = `${basename(trace)}, a processor of ${steps[0]!.frequency / 1e6} to ${steps.at(-1)!.frequency / 1e6} GHz`
  const lines = results.map(({ summary: { governor }, samples }) => ({ governor, samples }))
  const text = await plotSimulations(title, lines)
  const failure = writeFile(path, [Buffer.from(text)])
  if (failure !== undefined)
    throw new TraceError('F001', `Cannot write ${path}: ${failure.reason}`, failure.remedy)
}
