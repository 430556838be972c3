/** The report of `filter` for programs: one JSON document. docs/filter.md lists its fields. */

import { type FilterResult, packetsPerSecond } from './filter.ts'
import type { Flow, Side } from './flows.ts'
import { protocolName } from './protocol.ts'

/** What was run. */
export interface ReportSubject {
  /** Path of the capture. */
  readonly capture: string
  /** Path of the script. */
  readonly script: string
  /** Name of the function called. */
  readonly call: string
  readonly defaultVerdict: 'accept' | 'drop'
  readonly loop: number
}

export interface SideDocument {
  readonly address: string
  readonly port: number | null
  readonly software: string | null
}

export interface FlowDocument {
  readonly protocol: string
  readonly source: SideDocument
  readonly destination: SideDocument
  readonly packets: number
  readonly bytes: number
  readonly accepted: number
  readonly dropped: number
  readonly errors: number
  readonly unmatched: number
}

export interface ReportDocument extends ReportSubject {
  readonly packets: number
  readonly bytes: number
  readonly accepted: number
  readonly dropped: number
  readonly errors: number
  readonly unmatched: number
  readonly notIp: number
  readonly malformed: number
  readonly calls: number
  readonly seconds: number
  readonly packetsPerSecond: number | null
  readonly scriptErrors: readonly { readonly message: string; readonly count: number }[]
  readonly malformedReasons: readonly { readonly reason: string; readonly count: number }[]
  readonly problem: {
    readonly code: string
    readonly message: string
    readonly hint: string
    readonly offset: number | null
  } | null
  readonly flows: readonly FlowDocument[]
}

/** The document, for JSON.stringify. All flows are in it. */
export function reportDocument(result: FilterResult, subject: ReportSubject): ReportDocument {
  const { problem, flows, scriptErrors, malformedReasons, ...counts } = result
  return {
    ...subject,
    ...counts,
    packetsPerSecond: packetsPerSecond(result) ?? null,
    scriptErrors: scriptErrors.map(({ text, count }) => ({ message: text, count })),
    malformedReasons: malformedReasons.map(({ text, count }) => ({ reason: text, count })),
    problem:
      problem === undefined
        ? null
        : {
            code: problem.code,
            message: problem.message,
            hint: problem.hint,
            offset: problem.offset ?? null,
          },
    flows: flows.map(flowDocument),
  }
}

function flowDocument(flow: Flow): FlowDocument {
  const { protocol, source, destination, ...counts } = flow
  return {
    protocol: protocolName(protocol),
    source: sideDocument(source),
    destination: sideDocument(destination),
    ...counts,
  }
}

function sideDocument({ address, port, software }: Side): SideDocument {
  return { address, port: port ?? null, software: software ?? null }
}
