/**
 * Protocol numbers above IP, and the names that match options and reports use for them.
 * https://www.iana.org/assignments/protocol-numbers
 */

export const ICMP = 1
export const TCP = 6
export const UDP = 17
export const ICMPV6 = 58
export const SCTP = 132
export const UDP_LITE = 136

/** The first name of a number is the one shown. */
const NAMES: readonly (readonly [name: string, number: number])[] = [
  ['icmp', ICMP],
  ['igmp', 2],
  ['tcp', TCP],
  ['udp', UDP],
  ['gre', 47],
  ['esp', 50],
  ['ah', 51],
  ['icmpv6', ICMPV6],
  ['icmp6', ICMPV6],
  ['ipv6-icmp', ICMPV6],
  ['ospf', 89],
  ['vrrp', 112],
  ['sctp', SCTP],
  ['udplite', UDP_LITE],
]

/** `tcp` for 6; the number itself where it has no name here. */
export function protocolName(protocol: number): string {
  return NAMES.find(([, number]) => number === protocol)?.[0] ?? String(protocol)
}

/** 6 for `tcp`, `TCP` and `6`; undefined for what is neither a known name nor a number from 0 to 255. */
export function parseProtocol(text: string): number | undefined {
  const named = NAMES.find(([name]) => name === text.toLowerCase())
  if (named !== undefined) return named[1]
  const number = Number(text)
  return /^\d{1,3}$/.test(text) && number <= 255 ? number : undefined
}
