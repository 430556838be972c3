/**
 * IP addresses and networks, from bytes of a packet to text and from match options to bytes.
 * Text form of IPv6: RFC 5952.
 */

import { isIPv4, isIPv6 } from 'node:net'

export type Family = 4 | 6

/** An address prefix. */
export interface Network {
  readonly family: Family
  /** 4 or 16 bytes in network order; bits past the prefix are ignored. */
  readonly address: Uint8Array
  /** 0–32 or 0–128. */
  readonly prefix: number
}

/** Bytes of an address of that family. */
export function addressBytes(family: Family): 4 | 16 {
  return family === 4 ? 4 : 16
}

/** The address at an offset, as `10.0.0.1` or `fd00::1`. */
export function formatAddress(bytes: Uint8Array, offset: number, family: Family): string {
  if (family === 4) return bytes.subarray(offset, offset + 4).join('.')
  const groups: number[] = []
  for (let i = 0; i < 16; i += 2) groups.push((bytes[offset + i]! << 8) | bytes[offset + i + 1]!)
  const mapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff
  if (mapped) return `::ffff:${formatAddress(bytes, offset + 12, 4)}`
  const [start, length] = longestZeroRun(groups)
  const text = groups.map((group) => group.toString(16))
  if (length < 2) return text.join(':')
  return `${text.slice(0, start).join(':')}::${text.slice(start + length).join(':')}`
}

function longestZeroRun(groups: readonly number[]): [start: number, length: number] {
  let best: [number, number] = [0, 0]
  for (let start = 0; start < groups.length; start++) {
    let length = 0
    while (groups[start + length] === 0) length++
    if (length > best[1]) best = [start, length]
  }
  return best
}

/** `10.0.0.1:22`, `[fd00::1]:22`; the address alone without a port. */
export function formatEndpoint(address: string, port: number | undefined): string {
  if (port === undefined) return address
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}

/** An address or `address/prefix`; undefined for what is neither. */
export function parseNetwork(text: string): Network | undefined {
  const [, host = '', digits] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(text) ?? []
  const address = parseAddress(host)
  if (address === undefined) return undefined
  const family = address.length === 4 ? 4 : 6
  const prefix = digits === undefined ? address.length * 8 : Number(digits)
  return prefix <= address.length * 8 ? { family, address, prefix } : undefined
}

/** 4 or 16 bytes in network order; undefined for what isn't an address. Zones (`%eth0`) aren't taken. */
export function parseAddress(text: string): Uint8Array | undefined {
  if (isIPv4(text)) return Uint8Array.from(text.split('.'), Number)
  if (!isIPv6(text) || text.includes('%')) return undefined
  const [left = '', right] = text.split('::')
  const head = groupBytes(left)
  const tail = right === undefined ? [] : groupBytes(right)
  const address = new Uint8Array(16)
  address.set(head, 0)
  address.set(tail, 16 - tail.length)
  return address
}

/** Bytes of colon-separated groups, the last of which may be an IPv4 address. */
function groupBytes(text: string): number[] {
  if (text === '') return []
  return text.split(':').flatMap((group) => {
    if (group.includes('.')) return group.split('.').map(Number)
    const value = Number.parseInt(group, 16)
    return [value >> 8, value & 0xff]
  })
}
