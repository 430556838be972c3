/**
 * The report of `filter` for people, its last stage: a table of flows, the script's errors, and totals.
 * report-json.ts has the same for programs.
 */

import { printable } from '../host/printable.ts'
import { type FilterResult, packetsPerSecond } from './filter.ts'
import { drawFlows } from './flow-table-view.ts'
import type { Flow } from './flows.ts'
import type { Count } from './tally.ts'
import { bytesText, countText } from './wording.ts'

export interface ReportOptions {
  readonly colour: boolean
  /** Columns of the terminal; the table stays within them from 80 on. */
  readonly width: number
  /** Show every flow, and not just the first 20. */
  readonly allFlows?: boolean
  /** What a failed call falls back to, for the wording; `accept` by default. */
  readonly defaultVerdict?: 'accept' | 'drop'
}

const MOST_FLOWS = 20
const MOST_ERRORS = 10

/** The report as text of several lines, the last of which ends with a newline. */
export function renderReport(result: FilterResult, options: ReportOptions): string {
  const paint = (text: string) => (options.colour ? `\x1b[31m${text}\x1b[39m` : text)
  const lines: string[] = []
  if (result.flows.length > 0) {
    const shown = options.allFlows === true ? result.flows : chooseFlows(result.flows)
    lines.push(drawFlows(shown, options.width, paint))
    if (shown.length < result.flows.length) lines.push(hiddenLine(result.flows, shown))
    lines.push('')
  }
  if (result.scriptErrors.length > 0) lines.push(...errorLines(result, options, paint), '')
  lines.push(...totalLines(result, options.width, paint))
  return `${lines.join('\n')}\n`
}

/** Those with dropped packets first, then those with errors, then by age; in order of age again. */
function chooseFlows(flows: readonly Flow[]): readonly Flow[] {
  const rank = (flow: Flow) => (flow.dropped > 0 ? 0 : flow.errors > 0 ? 1 : 2)
  const order = new Map(flows.map((flow, index) => [flow, index]))
  return flows
    .toSorted((a, b) => rank(a) - rank(b))
    .slice(0, MOST_FLOWS)
    .sort((a, b) => order.get(a)! - order.get(b)!)
}

function hiddenLine(flows: readonly Flow[], shown: readonly Flow[]): string {
  const hidden = flows.length - shown.length
  const isDropped = (flow: Flow) => flow.dropped > 0
  const dropped = flows.filter(isDropped).length - shown.filter(isDropped).length
  const among = dropped > 0 ? `, ${countText(dropped)} of them with dropped packets` : ''
  return `… and ${countText(hidden, 'more flow')}${among} (--all-flows shows all)`
}

function errorLines(result: FilterResult, options: ReportOptions, paint: (text: string) => string): string[] {
  const verdict = options.defaultVerdict ?? 'accept'
  const failed = `${countText(result.errors, 'call')} of the script failed: the default verdict (${verdict}) was taken`
  const lines = [paint(failed)]
  for (const { text, count } of result.scriptErrors.slice(0, MOST_ERRORS)) {
    const [first = '', ...rest] = printable(text).trimEnd().split('\n')
    lines.push(`${`${countText(count)} ×`.padStart(8)} ${first}`, ...rest.map((line) => `         ${line}`))
  }
  const hidden = result.scriptErrors.length - MOST_ERRORS
  if (hidden > 0) lines.push(`         … and ${countText(hidden, 'other error')}`)
  return lines
}

function totalLines(result: FilterResult, width: number, paint: (text: string) => string): string[] {
  const dropped = `${countText(result.dropped)} dropped`
  const errors = countText(result.errors, 'error')
  const lines = [
    `${countText(result.packets, 'packet')}, ${bytesText(result.bytes)}, ${countText(result.flows.length, 'flow')}: ` +
      `${countText(result.accepted)} accepted, ${result.dropped > 0 ? paint(dropped) : dropped}, ` +
      `${result.errors > 0 ? paint(errors) : errors}`,
  ]
  const bypassed = bypassText(result)
  if (bypassed !== '') lines.push(...wrap(`Accepted without a call: ${bypassed}`, width))
  const speed = packetsPerSecond(result)
  const calls = countText(result.calls, 'call')
  const time = `${calls} of the script in ${durationText(result.seconds)}`
  lines.push(speed === undefined ? time : `${time}: ${countText(Math.round(speed))} packets per second`)
  return lines
}

/** Breaks at spaces; further lines are indented. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last === undefined) lines.push(word)
    else if (last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(`  ${word}`)
  }
  return lines
}

function bypassText({ unmatched, notIp, malformed, malformedReasons }: FilterResult): string {
  const parts: string[] = []
  if (unmatched > 0) parts.push(`${countText(unmatched)} unmatched`)
  if (notIp > 0) parts.push(`${countText(notIp)} not IP`)
  if (malformed > 0) parts.push(`${countText(malformed)} malformed (${reasonsText(malformedReasons)})`)
  return parts.join(', ')
}

function reasonsText(reasons: readonly Count[]): string {
  return reasons
    .map(({ text, count }) => (reasons.length > 1 ? `${text}: ${countText(count)}` : text))
    .join('; ')
}

function durationText(seconds: number): string {
  return seconds < 1 ? `${(seconds * 1000).toFixed(1)} ms` : `${seconds.toFixed(2)} s`
}
