/**
 * Runs a packet filter over a capture: reads each packet, asks for a verdict, and gathers totals and flows. What looks at
 * packets and judges them is passed in, so that this knows nothing of scripts or states.
 */

import { type Flow, FlowTable } from './flows.ts'
import type { Dissection } from './ip-packet.ts'
import { PacketError } from './packet-error.ts'
import type { PacketBytes } from './packet-memory.ts'
import type { Pcap, PcapRecord } from './pcap.ts'
import { type Count, Tally } from './tally.ts'

/**
 * A failed call takes the default verdict; `error` is what the log would show. `bytes` are those of a packet that is
 * accepted with changes, from the network layer or from its link layer on.
 */
export type Verdict =
  | 'accept'
  | 'drop'
  | { readonly error: string }
  | { readonly bytes: Uint8Array; readonly at: number }

/** Looks at packets and judges them, as a hook does. Several packets are looked at before they are judged. */
export interface PacketJudge {
  /** How many. */
  readonly room: number
  /** What the packet is that takes place `i`. Its bytes stay as they are until it is judged. */
  look(i: number, linkType: number, packet: PacketBytes): Dissection
  /** The verdict of the rules on a packet of IP that has been looked at; undefined: it is to be judged. */
  ruled(i: number): 'accept' | 'drop' | undefined
  judge(i: number): Verdict
}

/** `changed` are the packet's bytes where they aren't those of the record, in place of those from offset `at` of it on. */
export type OnAccepted = (
  record: PcapRecord,
  changed?: { readonly bytes: Uint8Array; readonly at: number },
) => void

export interface FilterOptions {
  /** For calls that fail; `accept` by default. */
  readonly defaultVerdict?: 'accept' | 'drop'
  /** How often the capture is gone through, for benchmarks; once by default. Counts and flows add up. */
  readonly loop?: number
  /** Told about each accepted packet of the first round, in order. */
  readonly onAccepted?: OnAccepted
  /** Milliseconds, of any epoch; performance.now by default. */
  readonly now?: () => number
}

export interface FilterResult {
  /** All packets of the capture: `accepted` and `dropped` add up to them. */
  readonly packets: number
  /** On the wire, link layer included. */
  readonly bytes: number
  readonly accepted: number
  readonly dropped: number
  /** Calls that failed. */
  readonly errors: number
  /** Packets of IP that rules have accepted without a call: mostly those that did not match. */
  readonly unmatched: number
  readonly notIp: number
  readonly malformed: number
  /** Calls of the script. */
  readonly calls: number
  /** Spent in calls of the script only. */
  readonly seconds: number
  readonly flows: readonly Flow[]
  /** Errors of the script, most frequent first; those past a bound share one entry. */
  readonly scriptErrors: readonly Count[]
  readonly malformedReasons: readonly Count[]
  /** Why the capture could not be read to its end. What came before it is in the counts. */
  readonly problem: PacketError | undefined
}

/** Packets per second of script time; undefined when there were no calls or the clock saw no time pass. */
export function packetsPerSecond(result: FilterResult): number | undefined {
  return result.calls > 0 && result.seconds > 0 ? result.calls / result.seconds : undefined
}

/** What is counted of the packets of a flow. */
type FlowCounts = Pick<Flow, 'accepted' | 'dropped' | 'errors' | 'unmatched'>

/** Packets that aren't IP belong to no flow. */
const NO_FLOW: FlowCounts = { accepted: 0, dropped: 0, errors: 0, unmatched: 0 }

interface Waiting {
  readonly record: PcapRecord
  readonly flow: FlowCounts
}

/** Runs the filter over every packet of the capture, in order. */
export function runFilter(capture: Pcap, judge: PacketJudge, options: FilterOptions = {}): FilterResult {
  const run = new FilterRun(capture, judge, options)
  for (let round = 0; round < (options.loop ?? 1); round++) run.round(round === 0)
  return run.result()
}

class FilterRun {
  private readonly capture: Pcap
  private readonly judge: PacketJudge
  private readonly options: FilterOptions
  private readonly now: () => number
  private readonly flows = new FlowTable()
  private readonly scriptErrors = new Tally()
  private readonly malformedReasons = new Tally()
  private waiting: Waiting[] = []
  private problem: PacketError | undefined
  private milliseconds = 0
  private readonly counts = {
    packets: 0,
    bytes: 0,
    accepted: 0,
    dropped: 0,
    errors: 0,
    unmatched: 0,
    notIp: 0,
    malformed: 0,
    calls: 0,
  }

  constructor(capture: Pcap, judge: PacketJudge, options: FilterOptions) {
    this.capture = capture
    this.judge = judge
    this.options = options
    this.now = options.now ?? (() => performance.now())
  }

  /** Goes through the capture once. */
  round(first: boolean): void {
    const onAccepted = first ? this.options.onAccepted : undefined
    try {
      for (const record of this.capture.records()) {
        this.take(record, onAccepted)
        if (this.waiting.length === this.judge.room) this.judgeWaiting(onAccepted)
      }
    } catch (error) {
      if (!(error instanceof PacketError)) throw error
      this.problem = error
    }
    this.judgeWaiting(onAccepted)
  }

  result(): FilterResult {
    return {
      ...this.counts,
      seconds: this.milliseconds / 1000,
      flows: this.flows.all,
      scriptErrors: this.scriptErrors.sorted(),
      malformedReasons: this.malformedReasons.sorted(),
      problem: this.problem,
    }
  }

  private take(record: PcapRecord, onAccepted: FilterOptions['onAccepted']): void {
    const { bytes, format } = this.capture
    this.counts.packets++
    this.counts.bytes += record.originalLength
    const place = this.waiting.length
    const packet = this.judge.look(place, format.linkType, { bytes, start: record.start, end: record.end })
    if (packet.kind === 'malformed') {
      this.counts.malformed++
      this.malformedReasons.add(packet.reason)
      this.bypass(record, onAccepted)
      return
    }
    const isIp = packet.kind === 'ip'
    const flow = isIp ? this.flows.observe(bytes, packet, record.originalLength) : { ...NO_FLOW }
    const ruled = this.judge.ruled(place)
    if (ruled === undefined) {
      this.waiting.push({ record, flow })
      return
    }
    flow.unmatched++
    if (ruled === 'drop') {
      flow.dropped++
      this.counts.dropped++
      return
    }
    if (isIp) this.counts.unmatched++
    else this.counts.notIp++
    flow.accepted++
    this.bypass(record, onAccepted)
  }

  /** Accepts without a call. Packets that wait come first where order matters. */
  private bypass(record: PcapRecord, onAccepted: FilterOptions['onAccepted']): void {
    this.counts.accepted++
    if (onAccepted === undefined) return
    this.judgeWaiting(onAccepted)
    onAccepted(record)
  }

  /** Asks for the verdicts on the packets that wait: the calls alone are timed. */
  private judgeWaiting(onAccepted: FilterOptions['onAccepted']): void {
    const { waiting, judge } = this
    if (waiting.length === 0) return
    const verdicts = new Array<Verdict>(waiting.length)
    const start = this.now()
    for (let i = 0; i < waiting.length; i++) verdicts[i] = judge.judge(i)
    this.milliseconds += this.now() - start
    this.counts.calls += waiting.length
    for (let i = 0; i < waiting.length; i++) this.enter(waiting[i]!, verdicts[i]!, onAccepted)
    this.waiting = []
  }

  private enter({ record, flow }: Waiting, given: Verdict, onAccepted: FilterOptions['onAccepted']): void {
    let verdict = given
    if (typeof verdict === 'object' && 'error' in verdict) {
      this.counts.errors++
      flow.errors++
      this.scriptErrors.add(verdict.error)
      verdict = this.options.defaultVerdict ?? 'accept'
    }
    if (verdict === 'drop') {
      this.counts.dropped++
      flow.dropped++
      return
    }
    this.counts.accepted++
    flow.accepted++
    if (verdict === 'accept') onAccepted?.(record)
    else onAccepted?.(record, verdict)
  }
}
