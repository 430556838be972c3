import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { be16, bytesOf, ethernet, ipv4, ipv6, tcp, udp } from '../../tools/packets/sample-packets.ts'
import { dissect } from './dissect.fixture.ts'
import type { Dissection, IpPacket } from './ip-packet.ts'

const ETHERNET = 1

function dissected(bytes: Uint8Array, linkType = ETHERNET): IpPacket {
  const packet = dissect(linkType, bytes, 0, bytes.length)
  if (packet.kind !== 'ip') throw new Error(JSON.stringify(packet))
  return packet
}

function payloadOf(bytes: Uint8Array, linkType = ETHERNET): string {
  const { payload, end } = dissected(bytes, linkType)
  return Buffer.from(bytes.subarray(payload, end)).toString('latin1')
}

function reasonOf(bytes: Uint8Array, linkType = ETHERNET): string {
  const packet: Dissection = dissect(linkType, bytes, 0, bytes.length)
  return packet.kind === 'malformed' ? packet.reason : packet.kind
}

const HELLO = tcp(40000, 22, 'hello')

describe('link layers', () => {
  const v4 = ipv4(HELLO)
  const v6 = ipv6(HELLO)
  const cases: [what: string, linkType: number, bytes: Uint8Array, network: number][] = [
    ['Ethernet, IPv4', 1, ethernet(v4), 14],
    ['Ethernet, IPv6', 1, ethernet(v6), 14],
    ['802.1Q', 1, ethernet(bytesOf(be16(5), be16(0x0800), v4), 0x8100), 18],
    ['QinQ', 1, ethernet(bytesOf(be16(5), be16(0x8100), be16(6), be16(0x86dd), v6), 0x88a8), 22],
    ['raw IPv4', 101, v4, 0],
    ['raw IPv6', 12, v6, 0],
    ['IPv4 by link type', 228, v4, 0],
    ['IPv6 by link type', 229, v6, 0],
    ['Linux cooked', 113, bytesOf(new Uint8Array(14), be16(0x0800), v4), 16],
    ['Linux cooked, VLAN', 113, bytesOf(new Uint8Array(14), be16(0x8100), be16(5), be16(0x86dd), v6), 20],
    ['Linux cooked 2', 276, bytesOf(be16(0x86dd), new Uint8Array(18), v6), 20],
    ['loopback, big endian', 0, bytesOf([0, 0, 0, 2], v4), 4],
    ['loopback, little endian', 0, bytesOf([2, 0, 0, 0], v4), 4],
    ['loopback, IPv6 of macOS', 0, bytesOf([30, 0, 0, 0], v6), 4],
    ['loopback of OpenBSD', 108, bytesOf([0, 0, 0, 24], v6), 4],
  ]
  for (const [what, linkType, bytes, network] of cases) {
    test(what, () => {
      expect(dissected(bytes, linkType)).toMatchObject({
        network,
        protocol: 6,
        sourcePort: 40000,
        destinationPort: 22,
      })
      expect(payloadOf(bytes, linkType)).toBe('hello')
    })
  }

  test('ARP, 802.3 frames and unknown families are not IP', () => {
    expect(reasonOf(ethernet(new Uint8Array(28), 0x0806))).toBe('not-ip')
    expect(reasonOf(ethernet(new Uint8Array(60), 60))).toBe('not-ip')
    expect(reasonOf(bytesOf([7, 0, 0, 0], v4), 0)).toBe('not-ip')
  })
})

describe('IPv4', () => {
  test('everything has its offset', () => {
    expect(dissected(ethernet(ipv4(HELLO)))).toEqual({
      kind: 'ip',
      family: 4,
      network: 14,
      protocol: 6,
      source: 26,
      destination: 30,
      sourcePort: 40000,
      destinationPort: 22,
      payload: 54,
      end: 59,
      laterFragment: false,
    })
  })

  test('options of IP and TCP belong to the headers', () => {
    const bytes = ipv4(tcp(1, 2, 'hello', new Uint8Array(12)), { options: [1, 1, 1, 1, 1, 1, 1, 0] })
    expect(dissected(ethernet(bytes)).payload).toBe(14 + 28 + 32)
    expect(payloadOf(ethernet(bytes))).toBe('hello')
  })

  test('padding of the frame is not payload', () => {
    expect(payloadOf(bytesOf(ethernet(ipv4(tcp(1, 2))), [9, 9, 9, 9, 9, 9]))).toBe('')
  })

  test('an offloaded segment has total length 0', () => {
    expect(payloadOf(ethernet(ipv4(HELLO, { totalLength: 0 })))).toBe('hello')
  })

  test('a packet cut by the snap length has the payload that is there', () => {
    const bytes = ethernet(ipv4(HELLO)).slice(0, -2)
    expect(payloadOf(bytes)).toBe('hel')
  })

  test('the first fragment has ports, later ones start after the IP header', () => {
    const first = ethernet(ipv4(udp(53, 99, 'start', 4000), { protocol: 17, fragmentOffset: 0x2000 }))
    expect(dissected(first)).toMatchObject({ sourcePort: 53, laterFragment: false })
    expect(payloadOf(first)).toBe('start')
    const later = ethernet(ipv4(bytesOf('rest'), { protocol: 17, fragmentOffset: 500 }))
    expect(dissected(later)).toMatchObject({ protocol: 17, laterFragment: true, sourcePort: undefined })
    expect(payloadOf(later)).toBe('rest')
  })

  test('UDP, ICMP and protocols without a known header', () => {
    const datagram = ethernet(bytesOf(ipv4(udp(53, 99, 'query'), { protocol: 17 })))
    expect(dissected(datagram)).toMatchObject({ sourcePort: 53, destinationPort: 99 })
    expect(payloadOf(datagram)).toBe('query')
    expect(payloadOf(ethernet(ipv4(udp(1, 2, 'query', 10), { protocol: 17 })))).toBe('qu')
    expect(payloadOf(ethernet(ipv4(bytesOf([8, 0, 0, 0, 0, 1, 0, 1], 'ping'), { protocol: 1 })))).toBe('ping')
    const esp = ethernet(ipv4(bytesOf('sealed'), { protocol: 50 }))
    expect(dissected(esp).sourcePort).toBeUndefined()
    expect(payloadOf(esp)).toBe('sealed')
  })
})

describe('IPv6', () => {
  test('extension headers are gone through, the protocol is the last', () => {
    const chain = bytesOf(
      [43, 0, 0, 0, 0, 0, 0, 0], // hop-by-hop, then routing
      [60, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], // routing of 16 bytes, then destination options
      [51, 0, 0, 0, 0, 0, 0, 0], // then authentication
      [44, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], // of (1 + 2) × 4 bytes, then fragment
      [6, 0, 0, 1, 0, 0, 0, 9], // the first fragment, then TCP
      HELLO,
    )
    const bytes = ethernet(ipv6(chain, { next: 0 }))
    expect(dissected(bytes)).toMatchObject({
      family: 6,
      protocol: 6,
      source: 22,
      destination: 38,
      sourcePort: 40000,
    })
    expect(payloadOf(bytes)).toBe('hello')
  })

  test('later fragments start after the fragment header', () => {
    const bytes = ethernet(ipv6(bytesOf([17, 0, ...be16(80 << 3), 0, 0, 0, 9], 'rest'), { next: 44 }))
    expect(dissected(bytes)).toMatchObject({ protocol: 17, laterFragment: true, destinationPort: undefined })
    expect(payloadOf(bytes)).toBe('rest')
  })

  test('no next header, ICMPv6, payload length 0', () => {
    expect(payloadOf(ethernet(ipv6(bytesOf('rest'), { next: 59 })))).toBe('rest')
    expect(payloadOf(ethernet(ipv6(bytesOf([128, 0, 0, 0, 0, 1, 0, 1], 'ping'), { next: 58 })))).toBe('ping')
    expect(payloadOf(ethernet(ipv6(HELLO, { payloadLength: 0 })))).toBe('hello')
    expect(payloadOf(bytesOf(ethernet(ipv6(bytesOf(), { next: 59 })), 'padding'))).toBe('')
  })
})

describe('malformed', () => {
  const cases: [reason: string, bytes: Uint8Array, linkType?: number][] = [
    ['Ethernet header cut short', new Uint8Array(13)],
    ['VLAN tag cut short', ethernet(bytesOf([0, 5, 8]), 0x8100)],
    ['link header cut short', new Uint8Array(15), 113],
    ['link header cut short', new Uint8Array(19), 276],
    ['link header cut short', new Uint8Array(3), 0],
    ['empty packet', new Uint8Array(0), 101],
    ['IP version', bytesOf([0x50], new Uint8Array(60)), 101],
    ['IP version', ethernet(ipv6(HELLO), 0x0800)],
    ['IP version', ethernet(ipv4(HELLO, { options: new Array(20).fill(1) }), 0x86dd)],
    ['IPv4 header cut short', ethernet(ipv4(HELLO)).slice(0, 33)],
    ['IPv4 header length', ethernet(bytesOf([0x44], ipv4(HELLO).slice(1)))],
    ['IPv4 header cut short', ethernet(bytesOf([0x4f], ipv4(HELLO).slice(1)))],
    ['IPv4 total length', ethernet(ipv4(HELLO, { totalLength: 19 }))],
    ['IPv6 header cut short', ethernet(ipv6(HELLO)).slice(0, 53)],
    ['IPv6 extension header cut short', ethernet(ipv6(bytesOf([6, 0, 0, 0]), { next: 0 }))],
    ['IPv6 extension header cut short', ethernet(ipv6(bytesOf([6, 200, 0, 0, 0, 0, 0, 0]), { next: 60 }))],
    ['TCP header cut short', ethernet(ipv4(HELLO.slice(0, 19)))],
    ['TCP header cut short', ethernet(ipv4(HELLO.with(12, 0xf0)))],
    ['TCP header length', ethernet(ipv4(HELLO.with(12, 0x40)))],
    ['UDP header cut short', ethernet(ipv4(new Uint8Array(7), { protocol: 17 }))],
    ['UDP length', ethernet(ipv4(udp(1, 2, 'x', 7), { protocol: 17 }))],
    ['ICMP header cut short', ethernet(ipv4(new Uint8Array(7), { protocol: 1 }))],
    ['SCTP header cut short', ethernet(ipv4(new Uint8Array(11), { protocol: 132 }))],
  ]
  for (const [reason, bytes, linkType] of cases) {
    test(`${reason} (${bytes.length} bytes)`, () => expect(reasonOf(bytes, linkType)).toBe(reason))
  }
})

const LINK_TYPES = [0, 1, 12, 14, 101, 108, 113, 228, 229, 276]

/** Whatever the bytes are: no exception, and every offset in order and within the packet. */
function expectSound(linkType: number, bytes: Uint8Array, start: number, end: number): void {
  const packet = dissect(linkType, bytes, start, end)
  if (packet.kind !== 'ip') return
  const size = packet.family === 4 ? 4 : 16
  const order = [start, packet.network, packet.source, packet.destination, packet.destination + size]
  expect([...order, packet.payload, packet.end, end]).toEqual(
    [...order, packet.payload, packet.end, end].toSorted((a, b) => a - b),
  )
}

describe('no bytes make it throw or point outside', () => {
  const SAMPLES = [
    ethernet(ipv4(tcp(1, 2, 'hello', new Uint8Array(8)), { options: [1, 1, 1, 0] })),
    ethernet(
      bytesOf(
        be16(5),
        be16(0x86dd),
        ipv6(bytesOf([44, 0, 0, 0, 0, 0, 0, 0, 17, 0, 0, 1, 0, 0, 0, 9], udp(5, 6, 'x')), { next: 0 }),
      ),
      0x8100,
    ),
    ethernet(ipv6(bytesOf([6, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], HELLO), { next: 51 })),
  ]

  test('truncated at every byte', () => {
    for (const sample of SAMPLES) {
      for (let length = 0; length <= sample.length; length++) {
        expectSound(ETHERNET, sample, 0, length)
        expectSound(ETHERNET, sample.slice(0, length), 0, length)
      }
    }
  })

  test('every byte of every sample set to every value', () => {
    for (const sample of SAMPLES) {
      for (let at = 12; at < sample.length; at++) {
        for (let value = 0; value < 256; value++) dissect(ETHERNET, sample.with(at, value), 0, sample.length)
      }
    }
  })

  test('random bytes in the middle of a buffer', () => {
    const ethernetLike = fc
      .tuple(fc.constantFrom(0x0800, 0x86dd, 0x8100, 0x88a8), fc.uint8Array({ minLength: 1, maxLength: 120 }))
      .map(([type, rest]) => ethernet(rest, type))
    const ipLike = fc
      .tuple(fc.constantFrom(0x45, 0x46, 0x60), fc.uint8Array({ maxLength: 120 }))
      .map(([first, rest]) => ethernet(bytesOf([first], rest)))
    const anything = fc.oneof(fc.uint8Array({ maxLength: 120 }), ethernetLike, ipLike)
    fc.assert(
      fc.property(fc.constantFrom(...LINK_TYPES), anything, fc.nat(30), (linkType, packet, before) => {
        const buffer = bytesOf(new Uint8Array(before).fill(0xff), packet, new Uint8Array(30).fill(0xff))
        expectSound(linkType, buffer, before, before + packet.length)
      }),
      { numRuns: 5000 },
    )
  })
})
