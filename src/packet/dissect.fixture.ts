/** Dissects and matches packets in tests as everybody does: by the VM, in a memory that has nothing else to do. */
import { CONTROL, HOOK, RULE, RULE_ACTION, SLOT } from '../isa/layout.ts'
import { instantiateWithControl } from '../state/user-engine.ts'
import { type FilterOptions, type FilterResult, type PacketJudge, runFilter, type Verdict } from './filter.ts'
import type { Dissection, IpPacket } from './ip-packet.ts'
import type { Match } from './match.ts'
import { PacketMemory } from './packet-memory.ts'
import type { Pcap } from './pcap.ts'
import { writeRule } from './rule-record.ts'

const { buffer, control, look } = instantiateWithControl(1 << 16)
const memory = new PacketMemory(buffer, control + CONTROL.SLOTS, look)
const hook = control + CONTROL.HOOKS
const rule = control + CONTROL.RULES
new Int32Array(buffer)[(hook + HOOK.RULES) >>> 2] = rule
new Int32Array(buffer)[(hook + HOOK.RULES_COUNT) >>> 2] = 1

export function dissect(linkType: number, bytes: Uint8Array, start: number, end: number): Dissection {
  return memory.dissect(0, linkType, { bytes, start, end })
}

/** Whether the packet that was dissected last, or the one in slot `i`, has everything that the match asks for. */
export function matches(match: Match, i = 0): boolean {
  writeRule(new Uint8Array(buffer, rule, RULE.BYTES), { match, action: 'CALL' })
  return memory.action(i, hook) === RULE_ACTION.CALL
}

type VerdictOf = (header: Uint8Array, payload: Uint8Array) => Verdict

/** Runs a filter that is a function, which gets the headers and payload of packets. */
export function filterBy(
  capture: Pcap,
  verdictOf: VerdictOf,
  { match, ...options }: FilterOptions & { match?: Match } = {},
): FilterResult {
  return runFilter(capture, judgeBy(verdictOf, match), options)
}

function judgeBy(verdictOf: VerdictOf, match: Match = {}): PacketJudge {
  const packets: { bytes: Uint8Array; ip: IpPacket }[] = []
  return {
    room: SLOT.COUNT,
    look(i, linkType, packet) {
      const dissection = memory.dissect(i, linkType, packet)
      if (dissection.kind === 'ip') packets[i] = { bytes: packet.bytes, ip: dissection }
      return dissection
    },
    ruled: (i) => (matches(match, i) ? undefined : 'accept'),
    judge(i) {
      const { bytes, ip } = packets[i] as (typeof packets)[number]
      return verdictOf(bytes.subarray(ip.network, ip.payload), bytes.subarray(ip.payload, ip.end))
    },
  }
}
