/** Rules as the VM reads them: the records of RULE in src/isa/layout.ts. */
import { RULE, RULE_ACTION, RULE_FLAG } from '../isa/layout.ts'
import type { Network } from './address.ts'
import type { Match, PortRange } from './match.ts'

/** What becomes of packets that match. */
export interface Rule {
  readonly match: Match
  readonly action: keyof typeof RULE_ACTION
  /** Whether rules behind it are not looked at if it matches. */
  readonly final?: boolean
}

/** Writes a rule to `bytes`, RULE.BYTES of them. */
export function writeRule(bytes: Uint8Array, { match, action, final }: Rule): void {
  bytes.fill(0)
  const view = new DataView(bytes.buffer, bytes.byteOffset, RULE.BYTES)
  let flags = final ? RULE_FLAG.FINAL : 0
  const number = (field: number, flag: number, value: number | undefined): void => {
    if (value === undefined) return
    flags |= flag
    view.setInt32(field, value, true)
  }
  const range = (field: number, flag: number, ports: PortRange | undefined): void => {
    if (ports === undefined) return
    flags |= flag
    view.setUint16(field, ports.first, true)
    view.setUint16(field + 2, ports.last, true)
  }
  const network = (field: number, bits: number, flag: number, value: Network | undefined): void => {
    if (value === undefined) return
    number(RULE.FAMILY, RULE_FLAG.FAMILY, value.family)
    number(bits, flag, value.prefix)
    bytes.set(value.address, field)
  }
  view.setUint32(RULE.ACTION, RULE_ACTION[action], true)
  view.setInt32(RULE.ETHERTYPE, match.etherType ?? 0, true)
  number(RULE.PROTOCOL, RULE_FLAG.PROTOCOL, match.protocol)
  range(RULE.SOURCE_PORTS, RULE_FLAG.SOURCE_PORTS, match.sourcePort)
  range(RULE.DESTINATION_PORTS, RULE_FLAG.DESTINATION_PORTS, match.destinationPort)
  range(RULE.PORTS, RULE_FLAG.PORTS, match.anyPort)
  network(RULE.SOURCE_ADDRESS, RULE.SOURCE_BITS, RULE_FLAG.SOURCE_ADDRESS, match.source)
  network(RULE.DESTINATION_ADDRESS, RULE.DESTINATION_BITS, RULE_FLAG.DESTINATION_ADDRESS, match.destination)
  number(RULE.IN_IFINDEX, RULE_FLAG.IN_IFINDEX, match.inDevice)
  number(RULE.OUT_IFINDEX, RULE_FLAG.OUT_IFINDEX, match.outDevice)
  if (match.mark !== undefined) {
    view.setUint32(RULE.MARK, match.mark.value, true)
    view.setUint32(RULE.MASK, match.mark.mask, true)
  }
  view.setUint32(RULE.FLAGS, flags, true)
}
