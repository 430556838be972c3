/** The layouts of the module packet read from a capture what tshark reads. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parsePcap } from '../src/packet/pcap.ts'
import { fieldReader } from './packet-script.fixture.ts'

const missing = spawnSync('tshark', ['--version']).error && 'tshark'

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

describe.skipIf(missing)(`as tshark reads them${missing ? `: missing ${missing}` : ''}`, () => {
  const file = 'examples/captures/ssh.pcap'
  const capture = readFileSync(file)
  const frames = [...parsePcap(capture, file).records()].map(({ start, end }) => capture.subarray(start, end))

  const read = fieldReader()

  /** For each frame tshark's values of these fields, by our names; undefined for frames without them. */
  function dissected(names: Names): (Record<string, number | string> | undefined)[] {
    const options = Object.values(names).flatMap(([name]) => ['-e', name])
    const { stdout } = spawnSync('tshark', ['-r', file, '-T', 'fields', '-E', 'occurrence=f', ...options], {
      encoding: 'utf8',
    })
    return stdout
      .split('\n')
      .slice(0, frames.length)
      .map((line) => {
        const texts = line.split('\t')
        if (texts.some((text) => text === '')) return undefined
        return Object.fromEntries(
          Object.entries(names).map(([ours, [, convert = Number]], i) => [ours, convert(texts[i] as string)]),
        )
      })
  }

  const headerBytes = (frame: Uint8Array) =>
    14 + ((frame[14] as number) >> 4 === 4 ? ((frame[14] as number) & 15) * 4 : 40)

  test.each([
    ['ethernet', ETHERNET, () => 0],
    ['arp', ARP, () => 14],
    ['ip', IP, () => 14],
    ['ip6', IP6, () => 14],
    ['tcp', TCP, headerBytes],
    ['udp', UDP, headerBytes],
    ['icmp6', ICMP6, headerBytes],
  ] as const)('%s', (layout, names, offset) => {
    const all = dissected(names)
    let compared = 0
    frames.forEach((frame, i) => {
      const expected = all[i]
      if (expected === undefined) return
      expect(read(layout, frame, offset(frame)), `packet ${i + 1}`).toMatchObject(expected)
      compared++
    })
    expect(compared).toBeGreaterThan(0)
  })
})
