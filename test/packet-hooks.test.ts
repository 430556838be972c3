/** The module packet and its examples in hooks, where blocks are parts of a packet that the VM knows. */
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parsePcap } from '../src/packet/pcap.ts'
import { be16, bytesOf, ethernet, ipv4, ipv6, tcp, udp } from '../tools/packets/sample-packets.ts'
import { isSound, judge, sealed } from './packet-hook.fixture.ts'
import { dnsQuery } from './packet-script.fixture.ts'

const example = (name: string) => readFileSync(`examples/${name}.lua`, 'utf8')
const changed = (judged: ReturnType<ReturnType<typeof judge>>): Uint8Array => {
  if (typeof judged !== 'object' || !('bytes' in judged))
    throw new Error(`not changed: ${JSON.stringify(judged)}`)
  return judged.bytes
}

describe('packet.transport', () => {
  const isSame = judge(
    'netfilter/local-in',
    `local packet = require 'packet'
    local function text(block) return block and tostring(block) end
    function filter(hdr)
      local copy = data.new(tostring(hdr))
      assert(hdr:transport() ~= false and copy:transport() == false)
      local head, name = packet.transport(hdr)
      local other, otherName = packet.transport(copy)
      assert(text(head) == text(other) and name == otherName)
      return head == nil
    end`,
  )
  const fragment = (offset: number) => [17, 0, ...be16(offset), 1, 2, 3, 4]

  test.each([
    ['options', ipv4(tcp(1, 2, 'x', [1, 1, 1, 1]), { options: [1, 1, 1, 1] }), 'drop'],
    ['UDP', ipv4(udp(1, 2), { protocol: 17 }), 'drop'],
    ['ICMP', ipv4(bytesOf([8, 0, 0, 0, 0, 1, 0, 2]), { protocol: 1 }), 'drop'],
    ['SCTP', ipv4(bytesOf(be16(1), be16(2), [0, 0, 0, 1, 0, 0, 0, 0]), { protocol: 132 }), 'drop'],
    ['a later fragment', ipv4(bytesOf('abcdefgh'), { fragmentOffset: 5, protocol: 17 }), 'accept'],
    ['IPv6', ipv6(udp(1, 2, 'x'), { next: 17 }), 'drop'],
    [
      'extension headers',
      ipv6(bytesOf([44, 0, 1, 4, 0, 0, 0, 0], fragment(1), udp(1, 2)), { next: 0 }),
      'drop',
    ],
    ['IPv6, a later fragment', ipv6(bytesOf(fragment(9), 'abcdefgh'), { next: 44 }), 'accept'],
  ] as const)('is the same for the packet and for a copy: %s', (_, packet, expected) =>
    expect(isSame(ethernet(packet))).toEqual(expected),
  )

  test('and for all packets of the capture', () => {
    const file = 'examples/captures/ssh.pcap'
    const capture = readFileSync(file)
    for (const { start, end } of parsePcap(capture, file).records())
      expect(['accept', 'drop']).toContain(isSame(capture.subarray(start, end)))
  })
})

describe('nat', () => {
  const [inner, outer, server] = ['10.0.0.2', '192.0.2.1', '198.51.100.7']
  const port = fc.integer({ min: 1, max: 65535 })
  const echo = (type: number, id: number, payload: Uint8Array) =>
    bytesOf([type, 0, 0, 0], be16(id), be16(1), payload)
  const frame = (protocol: number, content: Uint8Array, source: string, destination: string) =>
    sealed(ethernet(ipv4(content, { protocol, source, destination })))

  test('goes out with another source, and the answer comes back with its destination; all checksums are right', () => {
    const script = `${example('nat').replace('local packet', 'packet')}
      function filter(hdr)
        if packet.network(hdr).source == packet.address '${inner}' then return outward(hdr) end
        return inward(hdr)
      end`
    const translate = judge('tc/egress', script)
    fc.assert(
      fc.property(
        port,
        port,
        fc.uint8Array({ maxLength: 40 }),
        fc.constantFrom(1, 6, 17),
        (from, to, payload, protocol) => {
          const content = (source: number, destination: number, type: number) => {
            if (protocol === 1) return echo(type, type === 8 ? source : destination, payload)
            return protocol === 6 ? tcp(source, destination, payload) : udp(source, destination, payload)
          }
          const out = changed(translate(frame(protocol, content(from, to, 8), inner, server)))
          const at = protocol === 1 ? 38 : 34
          const mapped = ((out[at] as number) << 8) | (out[at + 1] as number)
          expect(mapped).toBeGreaterThan(40000)
          expect(out).toEqual(frame(protocol, content(mapped, to, 8), outer, server))
          const back = changed(translate(frame(protocol, content(to, mapped, 0), server, outer)))
          expect(back).toEqual(frame(protocol, content(to, from, 0), server, inner))
          expect(isSound(out) && isSound(back)).toBe(true)
        },
      ),
      { numRuns: 60 },
    )
  })
})

test.each([4, 6])('dns-block answers with right checksums, over IPv%i', (version) => {
  const answer = judge('tc/ingress', example('dns-block'))
  const ask = (name: string) => {
    const content = udp(5353, 53, dnsQuery([name, 'com']))
    return sealed(ethernet(version === 4 ? ipv4(content, { protocol: 17 }) : ipv6(content, { next: 17 })))
  }
  expect(answer(ask('other'))).toBe('accept')
  const query = ask('example')
  const reply = changed(answer(query))
  expect(isSound(reply)).toBe(true)
  expect(reply).toHaveLength(query.length)
  const payload = version === 4 ? 42 : 62
  expect([...reply.subarray(payload, payload + 4)]).toEqual([0xbe, 0xef, 0x81, 0x83])
  expect([...reply.subarray(0, 12)]).toEqual([...query.subarray(6, 12), ...query.subarray(0, 6)])
})

test('what writes to packets raises in netfilter', () => {
  const frame = ethernet(ipv4(udp(5353, 53, dnsQuery(['example', 'com'])), { protocol: 17 }))
  expect(judge('netfilter/local-in', example('dns-block'))(frame)).toHaveProperty('error')
})
