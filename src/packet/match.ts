/**
 * Match options: which packets the script is asked about. Packets that don't match bypass it and are accepted.
 * Parsed once; the VM evaluates them for each packet, as records (rule-record.ts).
 */

import { type Network, parseNetwork } from './address.ts'
import { PacketError } from './packet-error.ts'
import { parseProtocol } from './protocol.ts'

/** The options as typed. */
export interface MatchOptions {
  /** `tcp`, `udp`, `icmp`, another name that protocol.ts knows, or a number. */
  readonly proto?: string | undefined
  /** `22` or `1024-65535`. */
  readonly sport?: string | undefined
  readonly dport?: string | undefined
  /** Source or destination. */
  readonly port?: string | undefined
  /** An IPv4 or IPv6 address, or `address/prefix`. */
  readonly saddr?: string | undefined
  readonly daddr?: string | undefined
  /** `arp`, another name of ETHERTYPES, a number such as `0x88cc`, or `any`; IP by default. */
  readonly ethertype?: string | undefined
  /** `7` or `0x10/0xf0`: value and mask. */
  readonly mark?: string | undefined
  /** Names of devices. */
  readonly in?: string | undefined
  readonly out?: string | undefined
}

export interface PortRange {
  readonly first: number
  readonly last: number
}

/** Parsed options: all that are present must hold. */
export interface Match {
  readonly protocol?: number
  readonly sourcePort?: PortRange
  readonly destinationPort?: PortRange
  readonly anyPort?: PortRange
  readonly source?: Network
  readonly destination?: Network
  /** What an Ethernet header has; -1: anything. Without it only packets of IP match. */
  readonly etherType?: number
  readonly mark?: { readonly value: number; readonly mask: number }
  /** Indices of devices. */
  readonly inDevice?: number
  readonly outDevice?: number
}

/** https://www.iana.org/assignments/ieee-802-numbers */
const ETHERTYPES: Readonly<Record<string, number>> = {
  any: -1,
  ip: 0,
  ipv4: 0x0800,
  arp: 0x0806,
  ipv6: 0x86dd,
  lldp: 0x88cc,
}

/** The index of a device by its name. @throws if there is none */
export type DeviceIndex = (name: string) => number

/**
 * Parses match options.
 * @throws PacketError on an unknown protocol (K040), a bad port (K041), a bad network (K042), EtherType (K044) or mark
 * (K045), or on devices where there are none (K046)
 */
export function parseMatch(options: MatchOptions, deviceIndex: DeviceIndex = noDevices): Match {
  const { proto, sport, dport, port, saddr, daddr, ethertype, mark } = options
  return {
    ...(proto === undefined ? {} : { protocol: protocolOf(proto) }),
    ...(sport === undefined ? {} : { sourcePort: portsOf('sport', sport) }),
    ...(dport === undefined ? {} : { destinationPort: portsOf('dport', dport) }),
    ...(port === undefined ? {} : { anyPort: portsOf('port', port) }),
    ...(saddr === undefined ? {} : { source: networkOf('saddr', saddr) }),
    ...(daddr === undefined ? {} : { destination: networkOf('daddr', daddr) }),
    ...(ethertype === undefined ? {} : { etherType: etherTypeOf(ethertype) }),
    ...(mark === undefined ? {} : { mark: markOf(mark) }),
    ...(options.in === undefined ? {} : { inDevice: deviceIndex(options.in) }),
    ...(options.out === undefined ? {} : { outDevice: deviceIndex(options.out) }),
  }
}

/** The names of match options. */
export const MATCH_WORDS = [
  'proto',
  'sport',
  'dport',
  'port',
  'saddr',
  'daddr',
  'ethertype',
  'mark',
  'in',
  'out',
] as const satisfies (keyof MatchOptions)[]

/**
 * Splits a match in one text, such as `proto tcp dport 22`, into options.
 * @throws PacketError when it isn't made of pairs of an option and its value, each at most once (K043)
 */
export function splitMatchText(text: string): MatchOptions {
  const words = text.split(/[\s,=]+/).filter((word) => word !== '')
  const options: Record<string, string> = {}
  for (let i = 0; i < words.length; i += 2) {
    const [word, value] = [words[i]!, words[i + 1]]
    if (!(MATCH_WORDS as readonly string[]).includes(word))
      throw badText(text, `'${word}' is none of ${MATCH_WORDS.join(', ')}`)
    if (value === undefined) throw badText(text, `${word} lacks its value`)
    if (word in options) throw badText(text, `${word} is given twice`)
    options[word] = value
  }
  return options
}

function badText(text: string, reason: string): PacketError {
  return new PacketError(
    'K043',
    `Cannot match '${text}': ${reason}`,
    "write e.g. 'proto tcp dport 22 saddr 10.0.0.0/8'",
  )
}

function etherTypeOf(text: string): number {
  const number = /^(0x[0-9a-f]{1,4}|\d{1,5})$/i.test(text) ? Number(text) : undefined
  const type = ETHERTYPES[text.toLowerCase()] ?? number
  if (type !== undefined && type <= 0xffff) return type
  throw new PacketError(
    'K044',
    `Cannot match EtherType '${text}': it is neither a known name nor a number from 0 to 0xffff`,
    `write --ethertype ${Object.keys(ETHERTYPES).join(', ')} or e.g. 0x88cc`,
  )
}

function markOf(text: string): { value: number; mask: number } {
  const [, value = '', mask = '0xffffffff'] =
    /^(0x[0-9a-f]{1,8}|\d{1,10})(?:\/(0x[0-9a-f]{1,8}|\d{1,10}))?$/i.exec(text) ?? []
  const mark = { value: Number(value), mask: Number(mask) }
  if (value !== '' && mark.value <= 0xffffffff && mark.mask <= 0xffffffff)
    // bits that are not looked at can't be asked for
    return { value: (mark.value & mark.mask) >>> 0, mask: mark.mask }
  throw new PacketError(
    'K045',
    `Cannot match mark '${text}': it is no number of 32 bits, nor two of them as value/mask`,
    'write --mark 7 or --mark 0x10/0xf0',
  )
}

function noDevices(name: string): never {
  throw new PacketError('K046', `Cannot match device '${name}': a capture has none`, 'leave it out')
}

function protocolOf(text: string): number {
  const protocol = parseProtocol(text)
  if (protocol !== undefined) return protocol
  throw new PacketError(
    'K040',
    `Cannot match protocol '${text}': it is neither a known name nor a number from 0 to 255`,
    'write --proto tcp, udp, icmp, icmpv6, sctp or a number',
  )
}

function portsOf(option: string, text: string): PortRange {
  const [, low = '', high = low] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text) ?? []
  const [first, last] = [Number(low), Number(high)]
  if (low !== '' && first <= last && last <= 65535) return { first, last }
  throw new PacketError(
    'K041',
    `Cannot match ${option} '${text}': it is neither a port from 0 to 65535 nor a range of them`,
    `write --${option} 22 or --${option} 1024-65535`,
  )
}

function networkOf(option: string, text: string): Network {
  const network = parseNetwork(text)
  if (network !== undefined) return network
  throw new PacketError(
    'K042',
    `Cannot match ${option} '${text}': it is neither an address nor a network`,
    `write --${option} 10.0.0.0/8 or --${option} fd00::/8`,
  )
}
