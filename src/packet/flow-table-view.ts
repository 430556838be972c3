/**
 * The table of flows in the report of `filter`. A flow takes two lines, one for each side, so that endpoints of
 * IPv6 fit 80 columns; an endpoint that still doesn't fit goes on in further lines.
 */

import Table from 'cli-table3'
import { formatEndpoint } from './address.ts'
import type { Flow, Side } from './flows.ts'
import { GAP, PLAIN } from './plain-table.ts'
import { protocolName } from './protocol.ts'
import { bytesText, countText } from './wording.ts'

const HEAD = ['flow', 'proto', 'packets', 'bytes', 'SSH software', 'verdict'] as const
/** Software names are cut to this when the table has to be narrow. */
const NARROW_SOFTWARE = 14
const MOST_SOFTWARE = 30
const LEAST_FLOW = 17

/** Cells of one flow; each is a list of lines. */
type Row = readonly [
  flow: string[],
  proto: string[],
  packets: string[],
  bytes: string[],
  ssh: string[],
  verdict: string[],
]

/**
 * Draws the table, without a newline at its end.
 * @param width columns to stay within
 * @param paint makes a line of a flow with dropped packets stand out
 */
export function drawFlows(flows: readonly Flow[], width: number, paint: (text: string) => string): string {
  const columns = measure(flows, width)
  const table = new Table({
    head: [...HEAD],
    chars: PLAIN,
    colWidths: columns.widths,
    colAligns: ['left', 'left', 'right', 'right', 'left', 'left'],
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  })
  table.push(columns.widths.map((columnWidth) => '─'.repeat(columnWidth)))
  for (const flow of flows) {
    const mark = flow.dropped > 0 ? paint : (text: string) => text
    const row = rowOf(flow, columns.endpoint, columns.software)
    table.push(row.map((lines) => lines.map((line) => (line === '' ? '' : mark(line))).join('\n')))
  }
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
}

/** Column widths: what the contents need, where the endpoints get what the others leave. */
function measure(flows: readonly Flow[], width: number) {
  const roomy = naturalWidths(flows, MOST_SOFTWARE)
  const total = roomy.reduce((sum, column) => sum + column + GAP, -GAP)
  if (total <= width) return { widths: roomy, endpoint: roomy[0]!, software: MOST_SOFTWARE }
  const narrow = naturalWidths(flows, NARROW_SOFTWARE)
  const others = narrow.slice(1).reduce((sum, column) => sum + column + GAP, 0)
  const endpoint = Math.min(narrow[0]!, Math.max(LEAST_FLOW, width - others))
  return { widths: [endpoint, ...narrow.slice(1)], endpoint, software: NARROW_SOFTWARE }
}

function naturalWidths(flows: readonly Flow[], software: number): number[] {
  const widths = HEAD.map((head) => head.length as number)
  for (const flow of flows) {
    rowOf(flow, Number.POSITIVE_INFINITY, software).forEach((lines, column) => {
      for (const line of lines) widths[column] = Math.max(widths[column]!, line.length)
    })
  }
  return widths
}

function rowOf(flow: Flow, endpoint: number, software: number): Row {
  const source = wrapEndpoint('', endpointOf(flow.source), endpoint)
  const destination = wrapEndpoint('→ ', endpointOf(flow.destination), endpoint)
  const ssh = [cut(flow.source.software, software)]
  while (ssh.length < source.length) ssh.push('')
  ssh.push(cut(flow.destination.software, software))
  return [
    [...source, ...destination],
    [protocolName(flow.protocol)],
    [countText(flow.packets)],
    [bytesText(flow.bytes)],
    ssh,
    verdictOf(flow),
  ]
}

function endpointOf(side: Side): string {
  return formatEndpoint(side.address, side.port)
}

/** Breaks before a colon where it can: between the groups of an address, or before its port. */
function wrapEndpoint(prefix: string, text: string, width: number): string[] {
  const lines: string[] = []
  let line = prefix + text
  while (line.length > width) {
    const colon = line.lastIndexOf(':', width)
    const at = colon > prefix.length + 2 ? colon : width
    lines.push(line.slice(0, at))
    line = ' '.repeat(prefix.length + 2) + line.slice(at)
  }
  return [...lines, line]
}

function cut(software: string | undefined, most: number): string {
  if (software === undefined) return ''
  return software.length <= most ? software : `${software.slice(0, most - 1)}…`
}

/** What became of the flow's packets; drops and errors come first. */
function verdictOf(flow: Flow): string[] {
  const lines: string[] = []
  if (flow.dropped > 0) lines.push(`✗ drop ${countText(flow.dropped)}`)
  if (flow.errors > 0) lines.push(`! ${countText(flow.errors, 'error')}`)
  if (lines.length > 0) return lines
  return [flow.unmatched === flow.packets ? 'unmatched' : 'accept']
}
