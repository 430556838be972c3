/**
 * The slots of a state's memory in which packets are looked at (SLOT in src/isa/layout.ts), as a process uses them: it
 * fills in the first bytes, and the VM says where the parts of the packet are and which rule it matches. Hooks in the
 * kernel do the same in eBPF; the VM is one.
 */
import { PACKET_INFO, PACKET_KIND, type RULE_ACTION, SLOT } from '../isa/layout.ts'
import type { Family } from './address.ts'
import { type Dissection, malformed } from './ip-packet.ts'
import {
  LINK_ETHERNET,
  LINK_IPV4,
  LINK_IPV6,
  LINK_LINUX_SLL,
  LINK_LINUX_SLL2,
  LINK_LOOP,
  LINK_NULL,
} from './link-type.ts'
import { uint16 } from './network-order.ts'

/** The VM's functions for packets: addresses of a hook's record and of a slot. */
export interface Look {
  dissect(slot: number): number
  /** RULE_ACTION of the packet that has been dissected. */
  matchRules(hook: number, slot: number): number
}

/** Where EtherTypes are in link layers that have one, and where what they describe begins. */
const START: Readonly<Record<number, number>> = {
  [LINK_ETHERNET]: (12 << 8) | 14,
  [LINK_LINUX_SLL]: (14 << 8) | 16,
  [LINK_LINUX_SLL2]: 20,
}

/** Why a packet is malformed, by its kind. */
const REASONS: Readonly<Record<number, string>> = {
  [PACKET_KIND.LINK_SHORT]: 'link header cut short',
  [PACKET_KIND.VLAN_SHORT]: 'VLAN tag cut short',
  [PACKET_KIND.IP4_SHORT]: 'IPv4 header cut short',
  [PACKET_KIND.IP6_SHORT]: 'IPv6 header cut short',
  [PACKET_KIND.EXTENSION_SHORT]: 'IPv6 extension header cut short',
  [PACKET_KIND.TCP_SHORT]: 'TCP header cut short',
  [PACKET_KIND.UDP_SHORT]: 'UDP header cut short',
  [PACKET_KIND.ICMP_SHORT]: 'ICMP header cut short',
  [PACKET_KIND.SCTP_SHORT]: 'SCTP header cut short',
  [PACKET_KIND.VERSION]: 'IP version',
  [PACKET_KIND.IP4_HEADER]: 'IPv4 header length',
  [PACKET_KIND.IP4_TOTAL]: 'IPv4 total length',
  [PACKET_KIND.TCP_HEADER]: 'TCP header length',
  [PACKET_KIND.UDP_LENGTH]: 'UDP length',
  [PACKET_KIND.TOO_LONG]: `headers of more than ${SLOT.HEAD_BYTES} bytes`,
}

/** AF_INET is 2 everywhere; AF_INET6 is 10 on Linux, 24, 28 and 30 on BSDs and macOS. */
const FAMILIES: Readonly<Record<number, number>> = { 2: 4, 10: 6, 24: 6, 28: 6, 30: 6 }

/** A packet in a buffer. */
export interface PacketBytes {
  readonly bytes: Uint8Array
  readonly start: number
  readonly end: number
}

export class PacketMemory {
  readonly #bytes: Uint8Array
  readonly #words: Int32Array
  readonly #look: Look
  /** Address of the first slot. */
  readonly #slots: number

  /** `slots`: where they begin in the memory. */
  constructor(buffer: ArrayBuffer, slots: number, look: Look) {
    this.#bytes = new Uint8Array(buffer)
    this.#words = new Int32Array(buffer)
    this.#look = look
    this.#slots = slots
  }

  /** The address of slot `i`, of SLOT.COUNT. */
  slot(i: number): number {
    return this.#slots + i * SLOT.BYTES
  }

  #word(at: number): number {
    return this.#words[at >>> 2] as number
  }

  /**
   * Puts a packet of a link type, of those that isSupportedLinkType knows, into a slot and dissects it. Whatever the
   * bytes are, nothing is thrown: what can't be understood is malformed. Offsets are those of its buffer.
   */
  dissect(i: number, linkType: number, { bytes, start, end }: PacketBytes): Dissection {
    const begin = this.#begin(linkType, bytes, start, end)
    if (typeof begin !== 'number') return begin
    const kind = this.put(i, { bytes, start: begin, end }, START[linkType] ?? 0)
    if (kind === PACKET_KIND.OTHER) return { kind: 'not-ip' }
    if (kind !== PACKET_KIND.IP) return malformed(this.#reason(kind, linkType))
    const slot = this.slot(i)
    const at = (field: number) => begin + this.#word(slot + field)
    const port = (field: number) => {
      const number = this.#word(slot + field)
      return number < 0 ? undefined : number
    }
    return {
      kind: 'ip',
      family: this.#word(slot + SLOT.FAMILY) as Family,
      network: at(SLOT.NETWORK),
      protocol: this.#word(slot + SLOT.PROTOCOL),
      source: at(SLOT.SOURCE),
      destination: at(SLOT.DESTINATION),
      sourcePort: port(SLOT.SOURCE_PORT),
      destinationPort: port(SLOT.DESTINATION_PORT),
      payload: at(SLOT.PAYLOAD),
      end: at(SLOT.END),
      laterFragment: this.#word(slot + SLOT.LATER) !== 0,
    }
  }

  /** Puts a packet into a slot that begins as `start` says (SLOT.START), and dissects it: PACKET_KIND. */
  put(i: number, { bytes, start, end }: PacketBytes, header: number): number {
    const slot = this.slot(i)
    const words = this.#words
    const known = Math.min(end - start, SLOT.HEAD_BYTES)
    words[(slot + SLOT.LENGTH) >>> 2] = end - start
    words[(slot + SLOT.KNOWN) >>> 2] = known
    words[(slot + SLOT.START) >>> 2] = header
    words[(slot + SLOT.FLAGS) >>> 2] = 0
    words.fill(0, (slot + SLOT.INFO) >>> 2, (slot + SLOT.INFO + PACKET_INFO.BYTES) >>> 2)
    const to = slot + SLOT.HEAD
    for (let k = 0; k < known; k++) this.#bytes[to + k] = bytes[start + k] as number
    return this.#look.dissect(slot)
  }

  /** What is to become of the packet in a slot. */
  action(i: number, hook: number): (typeof RULE_ACTION)[keyof typeof RULE_ACTION] {
    return this.#look.matchRules(hook, this.slot(i)) as (typeof RULE_ACTION)[keyof typeof RULE_ACTION]
  }

  /** Where what the VM looks at begins, or what the packet is. */
  #begin(linkType: number, bytes: Uint8Array, start: number, end: number): number | Dissection {
    if (linkType === LINK_NULL || linkType === LINK_LOOP) {
      if (end - start < 4) return malformed('link header cut short')
      // in the byte order of the machine that recorded: small in one of the two
      const high = uint16(bytes, start)
      const family =
        high === 0 ? uint16(bytes, start + 2) : ((bytes[start + 1] as number) << 8) | (bytes[start] as number)
      return FAMILIES[family] === undefined ? { kind: 'not-ip' } : start + 4
    }
    const version = end > start ? (bytes[start] as number) >> 4 : 0
    if ((linkType === LINK_IPV4 && version !== 4) || (linkType === LINK_IPV6 && version !== 6))
      return malformed(end > start ? 'IP version' : 'empty packet')
    return start
  }

  #reason(kind: number, linkType: number): string {
    if (kind !== PACKET_KIND.LINK_SHORT) return REASONS[kind] as string
    if (linkType === LINK_ETHERNET) return 'Ethernet header cut short'
    return START[linkType] === undefined ? 'empty packet' : (REASONS[kind] as string)
  }
}
