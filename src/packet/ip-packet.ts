/**
 * What dissecting a packet gives: offsets of its parts, handed on to matching, flows and the filter.
 */

import type { Family } from './address.ts'

/** A packet that a filter can judge. All offsets are in the buffer that holds the packet. */
export interface IpPacket {
  readonly kind: 'ip'
  readonly family: Family
  /** First byte of the IP header. */
  readonly network: number
  /** Protocol above IP and its extension headers, as in /etc/protocols. */
  readonly protocol: number
  /** Source and destination address, 4 or 16 bytes each. */
  readonly source: number
  readonly destination: number
  /** Undefined where the protocol has no ports, and in fragments but the first. */
  readonly sourcePort: number | undefined
  readonly destinationPort: number | undefined
  /** First byte after the headers. After the IP header in fragments but the first. */
  readonly payload: number
  /** One past the last captured byte of the payload; padding of the link layer is left out. */
  readonly end: number
  /** A fragment other than the first. */
  readonly laterFragment: boolean
}

export type Dissection =
  | IpPacket
  | { readonly kind: 'not-ip' }
  /** `reason` is one of few, and reads on from "malformed: ". */
  | { readonly kind: 'malformed'; readonly reason: string }

/** @param reason one of few, so that reports can count by it */
export function malformed(reason: string): Dissection {
  return { kind: 'malformed', reason }
}
