/**
 * Runs a packet filter over a capture: reads, dissects and matches each packet, asks for a verdict, and gathers
 * totals and flows. What gives the verdicts is passed in, so that this knows nothing of scripts or states.
 */

import { dissect } from './dissect.ts'
import { type Flow, FlowTable } from './flows.ts'
import { type Match, matches } from './match.ts'
import { PacketError } from './packet-error.ts'
import type { Pcap, PcapRecord } from './pcap.ts'
import { type Count, Tally } from './tally.ts'

/** A failed call takes the default verdict; `error` is what the log would show. */
export type Verdict = 'accept' | 'drop' | { readonly error: string }

/**
 * Gives the verdict on one packet.
 * @param header from the network layer up to the payload
 * @param payload what follows the headers; may be empty
 *
 * Both are views of the capture, for the time of the call only, and aren't to be written.
 */
export type VerdictOf = (header: Uint8Array, payload: Uint8Array) => Verdict

export interface FilterOptions {
  /** Packets that don't match are accepted without a call. All match by default. */
  readonly match?: Match
  /** For calls that fail; `accept` by default. */
  readonly defaultVerdict?: 'accept' | 'drop'
  /** How often the capture is gone through, for benchmarks; once by default. Counts and flows add up. */
  readonly loop?: number
  /** Told about each accepted packet of the first round, in order. */
  readonly onAccepted?: (record: PcapRecord) => void
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
  /** Packets accepted without a call: not matched, not IP, malformed. */
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

/** Packets that wait for their verdicts: enough that reading the clock costs nothing, few enough to stay cached. */
const BATCH = 1024

interface Waiting {
  readonly record: PcapRecord
  readonly flow: Flow
  readonly header: Uint8Array
  readonly payload: Uint8Array
}

/** Runs the filter over every packet of the capture, in order. */
export function runFilter(capture: Pcap, verdictOf: VerdictOf, options: FilterOptions = {}): FilterResult {
  const run = new FilterRun(capture, verdictOf, options)
  for (let round = 0; round < (options.loop ?? 1); round++) run.round(round === 0)
  return run.result()
}

class FilterRun {
  private readonly capture: Pcap
  private readonly verdictOf: VerdictOf
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

  constructor(capture: Pcap, verdictOf: VerdictOf, options: FilterOptions) {
    this.capture = capture
    this.verdictOf = verdictOf
    this.options = options
    this.now = options.now ?? (() => performance.now())
  }

  /** Goes through the capture once. */
  round(first: boolean): void {
    const onAccepted = first ? this.options.onAccepted : undefined
    try {
      for (const record of this.capture.records()) {
        this.take(record, onAccepted)
        if (this.waiting.length === BATCH) this.judge(onAccepted)
      }
    } catch (error) {
      if (!(error instanceof PacketError)) throw error
      this.problem = error
    }
    this.judge(onAccepted)
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
    const packet = dissect(format.linkType, bytes, record.start, record.end)
    if (packet.kind !== 'ip') {
      if (packet.kind === 'malformed') {
        this.counts.malformed++
        this.malformedReasons.add(packet.reason)
      } else this.counts.notIp++
      this.bypass(record, onAccepted)
      return
    }
    const flow = this.flows.observe(bytes, packet, record.originalLength)
    if (this.options.match !== undefined && !matches(this.options.match, bytes, packet)) {
      this.counts.unmatched++
      flow.unmatched++
      flow.accepted++
      this.bypass(record, onAccepted)
      return
    }
    const header = bytes.subarray(packet.network, packet.payload)
    const payload = bytes.subarray(packet.payload, packet.end)
    this.waiting.push({ record, flow, header, payload })
  }

  /** Accepts without a call. Packets that wait come first where order matters. */
  private bypass(record: PcapRecord, onAccepted: FilterOptions['onAccepted']): void {
    this.counts.accepted++
    if (onAccepted === undefined) return
    this.judge(onAccepted)
    onAccepted(record)
  }

  /** Asks for the verdicts on the packets that wait: the calls alone are timed. */
  private judge(onAccepted: FilterOptions['onAccepted']): void {
    const { waiting, verdictOf } = this
    if (waiting.length === 0) return
    const verdicts = new Array<Verdict>(waiting.length)
    const start = this.now()
    for (let i = 0; i < waiting.length; i++) {
      const { header, payload } = waiting[i]!
      verdicts[i] = verdictOf(header, payload)
    }
    this.milliseconds += this.now() - start
    this.counts.calls += waiting.length
    for (let i = 0; i < waiting.length; i++) this.enter(waiting[i]!, verdicts[i]!, onAccepted)
    this.waiting = []
  }

  private enter({ record, flow }: Waiting, given: Verdict, onAccepted: FilterOptions['onAccepted']): void {
    let verdict = given
    if (typeof verdict === 'object') {
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
    onAccepted?.(record)
  }
}
