/** `moonring filter`: a packet filter over a capture, as the kernel would run it over an interface. */

import { PacketHook } from '../named/packet-hook.ts'
import { PcapWriter, readCapture } from '../packet/capture-file.ts'
import { type FilterResult, runFilter } from '../packet/filter.ts'
import { type Match, type MatchOptions, parseMatch, splitMatchText } from '../packet/match.ts'
import { renderReport } from '../packet/report.ts'
import { type ReportSubject, reportDocument } from '../packet/report-json.ts'
import type { State } from '../state/state.ts'
import { findHook } from '../subsystems/find.ts'
import { CommandError, EXIT, type ExitCode } from './command-error.ts'
import { reportFailure } from './failure.ts'
import { standardError, standardOutput } from './output.ts'
import { paintFor } from './paint.ts'
import { withProgress } from './progress.ts'
import { reportScriptFailure } from './script-failure.ts'
import { readScript, type Script } from './script-file.ts'
import { parseCount } from './size.ts'
import {
  deadlineOf,
  driverSettings,
  loadInterruptibly,
  type StateOptionTexts,
  type StateSettings,
  stateSettings,
  textTooLong,
} from './state-options.ts'

export interface FilterCommandOptions extends StateOptionTexts, MatchOptions {
  readonly pcap: string
  readonly hook: string
  readonly call: string
  readonly match?: string
  readonly rules?: true
  readonly default: 'accept' | 'drop'
  readonly loop: string
  readonly json?: true
  readonly write?: string
  readonly allFlows?: true
}

/** Instructions that a filter may execute for one packet. */
const FUEL = 100_000

/**
 * Runs the filter and shows the report.
 * @returns failed also where calls failed or the capture is cut short: the report says how often and why
 * @throws CommandError and PacketError for what can't be read or used
 */
export async function filter(file: string, options: FilterCommandOptions): Promise<ExitCode> {
  const settings = stateSettings(options, FUEL)
  const loop = loopOf(options.loop)
  const match = parseMatch({
    ...(options.match === undefined ? {} : splitMatchText(options.match)),
    ...options,
  })
  const script = readScript(file, settings.memory, textTooLong(settings))
  const hook = makeHook(settings, options, match)
  if (!(await load(hook.state, script, settings, options.call))) return EXIT.failed
  if (options.rules) hook.useRules()
  const capture = readCapture(options.pcap)
  const kept = options.write === undefined ? undefined : new PcapWriter(capture)
  const progress = withProgress(hook, capture.bytes, loop)
  const result = runFilter(capture, progress.judge, {
    loop,
    defaultVerdict: options.default,
    ...(kept === undefined
      ? {}
      : { onAccepted: (record, changed) => (changed ? kept.addChanged(record, changed) : kept.add(record)) }),
  })
  progress.end()
  standardError.flush()
  if (options.write !== undefined) kept?.save(options.write)
  show(result, options, {
    script: file,
    capture: options.pcap,
    call: options.call,
    defaultVerdict: options.default,
    loop,
  })
  if (result.problem !== undefined) reportFailure(result.problem)
  return result.problem === undefined && result.errors === 0 ? EXIT.fine : EXIT.failed
}

function loopOf(text: string): number {
  const count = parseCount(text)
  if (count !== undefined) return count
  throw new CommandError(
    'M010',
    `Cannot use --loop '${text}': it is no positive number`,
    'write e.g. --loop 1000',
    EXIT.usage,
  )
}

/** The hook in user space, with a state of its own. @throws CommandError, StateError */
function makeHook(settings: StateSettings, options: FilterCommandOptions, match: Match): PacketHook {
  const found = findHook(options.hook)
  const { hook, subsystem } = found
  if (hook.where !== 'kernel' || hook.packet === undefined)
    throw new CommandError(
      'M010',
      `Cannot filter as ${hook.name} does: it gets no packets`,
      'name a hook of netfilter, tc or xdp',
      EXIT.usage,
    )
  return new PacketHook(
    { hook, subsystem },
    {
      // what the script prints is no part of the report
      ...driverSettings(settings, standardError),
      function: options.call,
      default: options.default,
      ...(options.deadline !== undefined && { deadline: deadlineOf(options.deadline) }),
      rules: [{ match, action: 'CALL' }],
    },
  )
}

/** Loads the script; false, and the reason shown, if that failed. */
async function load(state: State, script: Script, settings: StateSettings, call: string): Promise<boolean> {
  try {
    await loadInterruptibly(state, script, [])
  } catch (error) {
    reportScriptFailure(error, script, settings)
    standardError.flush()
    return false
  }
  standardError.flush()
  if (state.has(call)) return true
  throw new CommandError(
    'M005',
    `Cannot filter with ${script.name}: it defines no function ${call}`,
    `define it as a global, function ${call}(hdr, pld) … end, or name another with --call`,
  )
}

function show(result: FilterResult, options: FilterCommandOptions, subject: ReportSubject): void {
  if (options.json) standardOutput.json(reportDocument(result, subject), 2)
  else
    standardOutput.write(
      renderReport(result, {
        colour: paintFor(1).on,
        width: standardOutput.columns,
        allFlows: options.allFlows ?? false,
        defaultVerdict: options.default,
      }),
    )
  standardOutput.flush()
}
