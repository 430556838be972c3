/** `moonring filter`: a packet filter over a capture, as the kernel would run it over an interface. */

import { PcapWriter, readCapture } from '../packet/capture-file.ts'
import { type FilterResult, runFilter } from '../packet/filter.ts'
import { type MatchOptions, parseMatch, splitMatchText } from '../packet/match.ts'
import { renderReport } from '../packet/report.ts'
import { type ReportSubject, reportDocument } from '../packet/report-json.ts'
import type { State } from '../state/state.ts'
import { CommandError, EXIT, type ExitCode } from './command-error.ts'
import { reportFailure } from './failure.ts'
import { standardError, standardOutput } from './output.ts'
import { paintFor } from './paint.ts'
import { withProgress } from './progress.ts'
import { reportScriptFailure } from './script-failure.ts'
import { readScript, type Script } from './script-file.ts'
import { parseCount } from './size.ts'
import {
  loadInterruptibly,
  makeState,
  type StateOptionTexts,
  type StateSettings,
  stateSettings,
  textTooLong,
} from './state-options.ts'
import { verdictsOf } from './verdict.ts'

export interface FilterCommandOptions extends StateOptionTexts, MatchOptions {
  readonly pcap: string
  readonly call: string
  readonly match?: string
  readonly default: 'accept' | 'drop'
  readonly loop: string
  readonly json?: true
  readonly write?: string
  readonly allFlows?: true
}

/** Instructions that a filter may execute for one packet. */
const FUEL = 100_000

/** Columns of a report that goes to a file or a pipe. */
const WIDTH = 100

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
  const script = readScript(file, settings.memory, textTooLong(settings.memory))
  const state = await load(script, settings, options.call)
  if (state === undefined) return EXIT.failed
  const capture = readCapture(options.pcap)
  const kept = options.write === undefined ? undefined : new PcapWriter(capture)
  const progress = withProgress(verdictsOf(state, options.call), capture.bytes, loop)
  const result = runFilter(capture, progress.verdictOf, {
    match,
    loop,
    defaultVerdict: options.default,
    ...(kept === undefined ? {} : { onAccepted: (record) => kept.add(record) }),
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

/** The state with the script loaded; undefined, and the reason shown, if that failed. */
async function load(script: Script, settings: StateSettings, call: string): Promise<State | undefined> {
  // what the script prints is no part of the report
  const state = await makeState(settings, standardError)
  try {
    await loadInterruptibly(state, script, [])
  } catch (error) {
    reportScriptFailure(error, script, settings)
    standardError.flush()
    return undefined
  }
  standardError.flush()
  if (state.has(call)) return state
  throw new CommandError(
    'M005',
    `Cannot filter with ${script.name}: it defines no function ${call}`,
    `define it as a global, function ${call}(hdr, pld) … end, or name another with --call`,
  )
}

function show(result: FilterResult, options: FilterCommandOptions, subject: ReportSubject): void {
  const text = options.json
    ? `${JSON.stringify(reportDocument(result, subject), null, 2)}\n`
    : renderReport(result, {
        colour: paintFor(1).on,
        width: process.stdout.isTTY ? process.stdout.columns : WIDTH,
        allFlows: options.allFlows ?? false,
        defaultVerdict: options.default,
      })
  standardOutput.write(text)
  standardOutput.flush()
}
