/** Packets of every shape that hooks meet, as Ethernet frames, and frames that are damaged at random. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parsePcap } from '../../src/packet/pcap.ts'
import type { Random } from '../fuzz/random.ts'
import { be16, bytesOf, ethernet, ipv4, ipv6, tcp, udp } from './sample-packets.ts'

const counting = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 7 + 3) & 255)
const tagged = (frame: Uint8Array, type: number, vid: number) =>
  bytesOf(frame.subarray(0, 12), be16(type), be16(vid), frame.subarray(12))
const icmp = (type: number, length = 24) => bytesOf([type, 0, 0x12, 0x34, 0, 7, 0, 1], counting(length))
const extension = (next: number, content: number[]) => bytesOf([next, (content.length - 6) / 8], content)
const checksummed = (datagram: Uint8Array) =>
  bytesOf(datagram.subarray(0, 6), [0xab, 0xcd], datagram.subarray(8))
/** A fragment header of IPv6. */
const fragment = (next: number, offset: number, more: number) =>
  bytesOf([next, 0], be16((offset << 3) | more), [0, 0, 0, 9])
const ROUTER_ALERT = [0x94, 4, 0, 0]

/** The frames by what is special about them. */
export const FRAMES: Readonly<Record<string, Uint8Array>> = {
  tcp: ethernet(ipv4(tcp(40000, 22, 'SSH-2.0-OpenSSH_6.4\r\n'))),
  'tcp without payload': ethernet(ipv4(tcp(40000, 22))),
  'tcp with options': ethernet(ipv4(tcp(22, 40000, counting(100), [2, 4, 5, 180, 1, 1, 1, 0]))),
  'tcp, trailing bytes': bytesOf(ethernet(ipv4(tcp(1, 2, 'x'))), [0, 0, 0, 0, 0]),
  'large tcp': ethernet(ipv4(tcp(40000, 443, counting(1460)))),
  'larger than a page of TLS': ethernet(ipv6(tcp(443, 40000, counting(3300)))),
  udp: ethernet(ipv4(checksummed(udp(5353, 53, counting(33))), { protocol: 17 })),
  'udp without checksum': ethernet(ipv4(udp(5353, 53, counting(120)), { protocol: 17 })),
  'udp without payload': ethernet(ipv4(udp(9, 9), { protocol: 17 })),
  'udp over ipv6': ethernet(ipv6(checksummed(udp(5353, 53, counting(64))), { next: 17 })),
  'udp-lite': ethernet(ipv4(checksummed(udp(5, 6, counting(40))), { protocol: 136 })),
  'icmp echo': ethernet(ipv4(icmp(8), { protocol: 1 })),
  'icmp error': ethernet(ipv4(icmp(3, 60), { protocol: 1 })),
  'icmpv6 echo': ethernet(ipv6(icmp(129), { next: 58 })),
  sctp: ethernet(ipv4(counting(30), { protocol: 132 })),
  'another protocol': ethernet(ipv4(counting(50), { protocol: 47 })),
  'ip options': ethernet(ipv4(tcp(22, 1, counting(10)), { options: [...ROUTER_ALERT, 1, 1, 1, 0] })),
  'first fragment': ethernet(ipv4(udp(1, 2, counting(64), 1000), { protocol: 17, fragmentOffset: 0x2000 })),
  'later fragment': ethernet(ipv4(counting(200), { protocol: 17, fragmentOffset: 0x20b9 })),
  'vlan in vlan': tagged(tagged(ethernet(ipv4(tcp(22, 1, counting(70)))), 0x8100, 7), 0x88a8, 100),
  'extension headers': ethernet(
    ipv6(
      bytesOf(
        extension(60, [1, 4, 0, 0, 0, 0]),
        extension(43, [0, 0, 0, 0, 0, 0]),
        extension(6, [1, 12, ...counting(12)]),
        tcp(80, 1, counting(65)),
      ),
      { next: 0 },
    ),
  ),
  'first fragment, ipv6': ethernet(ipv6(bytesOf(fragment(17, 0, 1), udp(1, 2, counting(8))), { next: 44 })),
  'later fragment, ipv6': ethernet(ipv6(bytesOf(fragment(17, 2, 0), counting(80)), { next: 44 })),
  arp: ethernet(bytesOf([0, 1, 8, 0, 6, 4, 0, 1], counting(20)), 0x0806),
  'a total length of 0': ethernet(ipv4(tcp(22, 1, counting(90)), { totalLength: 0 })),
}

/** The packets of examples/captures/ssh.pcap that a test run takes. */
export function capturedFrames(): Uint8Array[] {
  const path = join(
    import.meta.dirname.replace(/\/dist\/tools\//, '/tools/'),
    '../../examples/captures/ssh.pcap',
  )
  const { bytes, records } = {
    bytes: readFileSync(path),
    records: parsePcap(readFileSync(path), path).records(),
  }
  return [...records]
    .map(({ start, end }) => bytes.subarray(start, end))
    .filter(({ length }) => length < 3500)
}

/** A frame with bytes changed, cut off, put in or taken away. */
export function damaged(frame: Uint8Array, random: Random): Uint8Array {
  let bytes: Uint8Array = Uint8Array.from(frame)
  for (let i = random.below(4); i > 0; i--) {
    const at = random.chance(70) ? random.below(Math.min(100, bytes.length)) : random.below(bytes.length)
    bytes = random.call([
      () => bytes.with(at, random.below(256)),
      () => bytes.with(at, (bytes[at] as number) ^ (1 << random.below(8))),
      () => bytes.subarray(0, Math.max(14, at)),
      () =>
        bytesOf(
          bytes.subarray(0, at),
          random.some(1, 8, () => random.below(256)),
          bytes.subarray(at),
        ),
      () => bytesOf(bytes.subarray(0, at), bytes.subarray(Math.min(bytes.length, at + 1 + random.below(8)))),
    ])
    if (bytes.length < 14) return Uint8Array.from(frame)
  }
  return bytes
}
