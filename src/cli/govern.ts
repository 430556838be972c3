/** `moonring govern`: a script decides the frequency of this machine's processors, for as long as the command runs. */

import { FolderFiles } from '../cpufreq/files.ts'
import { governCpuFrequency } from '../cpufreq/governor.ts'
import { registerCpuLibraries } from '../cpufreq/libraries.ts'
import { LinuxMachine } from '../cpufreq/linux-machine.ts'
import type { State } from '../state/state.ts'
import { CommandError, EXIT, type ExitCode } from './command-error.ts'
import { continued } from './log-lines.ts'
import { standardError, standardOutput } from './output.ts'
import { reportScriptFailure } from './script-failure.ts'
import { readScript } from './script-file.ts'
import { parseCount } from './size.ts'
import {
  loadInterruptibly,
  makeState,
  type StateOptionTexts,
  stateSettings,
  textTooLong,
} from './state-options.ts'

export interface GovernCommandOptions extends StateOptionTexts {
  readonly call: string
  readonly period?: string
  readonly duration?: string
  readonly json?: true
}

type RunningGovernor = ReturnType<typeof governCpuFrequency>

/** Instructions that a script may execute for one policy. */
const FUEL = 100_000

/** Signals at which the policies are given back. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Governs until a signal comes, the time is up, or the state can't be used any more.
 * @throws CommandError for wrong usage; NotAvailable, NotPermitted
 */
export async function govern(file: string, options: GovernCommandOptions): Promise<ExitCode> {
  const settings = stateSettings(options, FUEL)
  const period = milliseconds('--period', options.period)
  const duration = milliseconds('--duration', options.duration)
  const script = readScript(file, settings.memory, textTooLong(settings))
  // what has been taken over must be given back, whoever reads
  standardOutput.goOnWithout()
  standardError.goOnWithout()
  const machine = new LinuxMachine(new FolderFiles())
  const state = await makeState(settings, standardOutput)
  registerCpuLibraries(state, machine)
  try {
    await loadInterruptibly(state, script, [])
  } catch (error) {
    return reportScriptFailure(error, script, settings)
  }
  requireFunction(state, script.name, options.call)
  const { governor, ended } = begin(state, machine, options.call, period)
  const { figures } = governor
  standardError.write(`governing ${figures.policies.join(', ')} every ${figures.period} ms\n`)
  const isFine = await end(governor, ended, duration)
  show(governor, options)
  return isFine ? EXIT.fine : EXIT.failed
}

function begin(
  state: State,
  machine: LinuxMachine,
  call: string,
  period: number | undefined,
): { governor: RunningGovernor; ended: Promise<void> } {
  let onEnd = () => {}
  const ended = new Promise<void>((resolve) => {
    onEnd = resolve
  })
  const governor = governCpuFrequency(state, call, {
    machine,
    log: (text) => standardError.write(`${continued(text, '  ')}\n`),
    onEnd,
    period,
  })
  return { governor, ended }
}

/** Waits for the end and detaches. Whether everything could be given back, and the script was there to the end. */
async function end(
  governor: RunningGovernor,
  ended: Promise<void>,
  duration: number | undefined,
): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const time = new Promise<'time'>((resolve) => {
    if (duration !== undefined) timer = setTimeout(resolve, duration, 'time')
  })
  let stop = () => {}
  const signal = new Promise<'signal'>((resolve) => {
    stop = () => resolve('signal')
  })
  for (const name of SIGNALS) process.on(name, stop)
  let problems: string[] = []
  let why: 'time' | 'signal' | undefined
  try {
    why = (await Promise.race([time, signal, ended])) ?? undefined
  } finally {
    problems = governor.detach()
    clearTimeout(timer)
    for (const name of SIGNALS) process.off(name, stop)
  }
  for (const problem of problems) standardError.write(`${problem}\n`)
  return problems.length === 0 && why !== undefined
}

function show({ figures }: RunningGovernor, { json }: GovernCommandOptions): void {
  const { calls, errors, fallbacks, refused, skipped, time } = figures
  const seconds = `${time.p50.toFixed(0)} µs a call (99 of 100 within ${time.p99.toFixed(0)} µs)`
  if (json) standardOutput.json(figures, 2)
  else
    standardOutput.write(
      `${calls} calls, ${errors} errors, ${fallbacks} periods by the built-in rule, ${refused} refused, ${skipped} skipped; ${seconds}\n`,
    )
  standardOutput.flush()
  standardError.flush()
}

function requireFunction(state: State, name: string, call: string): void {
  if (state.has(call)) return
  throw new CommandError(
    'M005',
    `Cannot govern with ${name}: it defines no function ${call}`,
    `define it as a global, function ${call}(cpu, cur, max, min) … end, or name another with --call`,
  )
}

/** Milliseconds that an option gives. */
export function milliseconds(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const count = parseCount(text)
  if (count !== undefined && count <= 1e9) return count
  throw new CommandError(
    'M010',
    `Cannot use ${option} '${text}': it is no number of milliseconds`,
    `write e.g. ${option} 100`,
    EXIT.usage,
  )
}
