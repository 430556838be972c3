/** The layouts of the module packet read from a capture what tshark reads. */

import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { parsePcap } from '../src/packet/pcap.ts'
import { be16, bytesOf, ethernet, ipv4, ipv6, pcapBytes, udp } from '../tools/packets/sample-packets.ts'
import { describeUnless } from './needs.fixture.ts'
import { dnsQuery, fieldReader } from './packet-script.fixture.ts'

const missing = spawnSync('tshark', ['--version']).error && 'tshark is not installed'

/** Fields of ours with tshark's names for them, and what makes the same of tshark's text. */
type Names = Readonly<Record<string, readonly [string, ((text: string) => number | string)?]>>

const address4 = (text: string) => text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
const words = (text: string) => Number(text) / 4
const flag = (text: string) => Number(text === '1' || text === 'True')
const mac = (text: string) => text.replaceAll(':', '')

const IP: Names = {
  version: ['ip.version'],
  ihl: ['ip.hdr_len', words],
  dscp: ['ip.dsfield.dscp'],
  ecn: ['ip.dsfield.ecn'],
  length: ['ip.len'],
  id: ['ip.id'],
  df: ['ip.flags.df', flag],
  mf: ['ip.flags.mf', flag],
  offset: ['ip.frag_offset'],
  ttl: ['ip.ttl'],
  protocol: ['ip.proto'],
  checksum: ['ip.checksum'],
  source: ['ip.src', address4],
  destination: ['ip.dst', address4],
}
const IP6: Names = {
  version: ['ipv6.version'],
  traffic_class: ['ipv6.tclass'],
  flow_label: ['ipv6.flow'],
  payload_length: ['ipv6.plen'],
  next_header: ['ipv6.nxt'],
  hop_limit: ['ipv6.hlim'],
}
const TCP: Names = {
  source: ['tcp.srcport'],
  destination: ['tcp.dstport'],
  sequence: ['tcp.seq_raw'],
  acknowledgment: ['tcp.ack_raw'],
  offset: ['tcp.hdr_len', words],
  syn: ['tcp.flags.syn', flag],
  ack: ['tcp.flags.ack', flag],
  fin: ['tcp.flags.fin', flag],
  psh: ['tcp.flags.push', flag],
  rst: ['tcp.flags.reset', flag],
  window: ['tcp.window_size_value'],
  checksum: ['tcp.checksum'],
  urgent_pointer: ['tcp.urgent_pointer'],
}
const UDP: Names = {
  source: ['udp.srcport'],
  destination: ['udp.dstport'],
  length: ['udp.length'],
  checksum: ['udp.checksum'],
}
const ICMP6: Names = { type: ['icmpv6.type'], code: ['icmpv6.code'], checksum: ['icmpv6.checksum'] }
const ARP: Names = {
  hrd: ['arp.hw.type'],
  pro: ['arp.proto.type'],
  hln: ['arp.hw.size'],
  pln: ['arp.proto.size'],
  op: ['arp.opcode'],
  sha: ['arp.src.hw_mac', mac],
  spa: ['arp.src.proto_ipv4', address4],
  tha: ['arp.dst.hw_mac', mac],
  tpa: ['arp.dst.proto_ipv4', address4],
}
const ETHERNET: Names = { destination: ['eth.dst', mac], source: ['eth.src', mac], type: ['eth.type'] }

const VLAN: Names = {
  pcp: ['vlan.priority'],
  dei: ['vlan.dei', flag],
  vid: ['vlan.id'],
  type: ['vlan.etype'],
}
const FRAGMENT: Names = {
  next_header: ['ipv6.fraghdr.nxt'],
  offset: ['ipv6.fraghdr.offset'],
  mf: ['ipv6.fraghdr.more', flag],
  id: ['ipv6.fraghdr.ident'],
}
const ICMP: Names = {
  type: ['icmp.type'],
  code: ['icmp.code'],
  checksum: ['icmp.checksum'],
  id: ['icmp.ident'],
  sequence: ['icmp.seq'],
}
const SCTP: Names = {
  source: ['sctp.srcport'],
  destination: ['sctp.dstport'],
  verification_tag: ['sctp.verification_tag'],
  checksum: ['sctp.checksum'],
}
const DNS: Names = {
  id: ['dns.id'],
  qr: ['dns.flags.response', flag],
  opcode: ['dns.flags.opcode'],
  rd: ['dns.flags.recdesired', flag],
  tc: ['dns.flags.truncated', flag],
  qdcount: ['dns.count.queries'],
  ancount: ['dns.count.answers'],
  nscount: ['dns.count.auth_rr'],
  arcount: ['dns.count.add_rr'],
}

const SHIPPED = 'examples/captures/ssh.pcap'
/** Protocols that the capture which ships has not. */
const MADE: readonly Uint8Array[] = [
  ethernet(
    bytesOf([0xb0, 0x64, 8, 0], ipv4(bytesOf([8, 0], be16(0x1234), be16(77), be16(5)), { protocol: 1 })),
    0x8100,
  ),
  ethernet(ipv6(bytesOf([17, 0, 0, 9, 1, 2, 3, 4], udp(1, 2, 'abcdefgh')), { next: 44 })),
  ethernet(ipv4(bytesOf(be16(2905), be16(2906), [0, 0, 14, 80], [9, 8, 7, 6]), { protocol: 132 })),
  ethernet(ipv4(udp(5353, 53, dnsQuery(['www', 'example', 'org'], 28)), { protocol: 17 })),
]
/** Bytes up to what follows the IP header in frames without a tag. */
const headerBytes = (frame: Uint8Array) =>
  14 + ((frame[14] as number) >> 4 === 4 ? ((frame[14] as number) & 15) * 4 : 40)

describeUnless(missing)('as tshark reads them', () => {
  const read = fieldReader()
  const folder = mkdtempSync(join(tmpdir(), 'packet-layouts-'))
  const made = join(folder, 'made.pcap')
  writeFileSync(made, pcapBytes(MADE))
  afterAll(() => rmSync(folder, { recursive: true }))

  function framesOf(file: string): Uint8Array[] {
    const capture = readFileSync(file)
    return [...parsePcap(capture, file).records()].map(({ start, end }) => capture.subarray(start, end))
  }

  /** For each frame tshark's values of these fields, by our names; undefined for frames without them. */
  function dissected(file: string, names: Names): (Record<string, number | string> | undefined)[] {
    const options = Object.values(names).flatMap(([name]) => ['-e', name])
    const { stdout } = spawnSync('tshark', ['-r', file, '-T', 'fields', '-E', 'occurrence=f', ...options], {
      encoding: 'utf8',
    })
    return stdout.split('\n').map((line) => {
      const texts = line.split('\t')
      if (texts.some((text) => text === '')) return undefined
      return Object.fromEntries(
        Object.entries(names).map(([ours, [, convert = Number]], i) => [ours, convert(texts[i] as string)]),
      )
    })
  }

  test.each([
    ['ethernet', SHIPPED, ETHERNET, () => 0],
    ['arp', SHIPPED, ARP, () => 14],
    ['ip', SHIPPED, IP, () => 14],
    ['ip6', SHIPPED, IP6, () => 14],
    ['tcp', SHIPPED, TCP, headerBytes],
    ['udp', SHIPPED, UDP, headerBytes],
    ['icmp6', SHIPPED, ICMP6, headerBytes],
    ['vlan', made, VLAN, () => 14],
    ['icmp', made, ICMP, () => 38],
    ['fragment', made, FRAGMENT, headerBytes],
    ['sctp', made, SCTP, headerBytes],
    ['dns', made, DNS, () => 42],
  ] as const)('%s', (layout, file, names, offset) => {
    const all = dissected(file, names)
    let compared = 0
    framesOf(file).forEach((frame, i) => {
      const expected = all[i]
      if (expected === undefined) return
      expect(read(layout, frame, offset(frame)), `packet ${i + 1}`).toMatchObject(expected)
      compared++
    })
    expect(compared).toBeGreaterThan(0)
  })
})
