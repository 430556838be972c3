import { isIPv4 } from 'node:net'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ipv4, ipv6, tcp } from '../../tools/packets/sample-packets.ts'
import { formatAddress, formatEndpoint, type Network, parseAddress, parseNetwork } from './address.ts'
import { dissect, matches } from './dissect.fixture.ts'

function canonical(text: string): string {
  const bytes = parseAddress(text)!
  return formatAddress(bytes, 0, bytes.length === 4 ? 4 : 6)
}

describe('text', () => {
  const cases: [from: string, to: string][] = [
    ['10.0.0.255', '10.0.0.255'],
    ['::', '::'],
    ['0:0:0:0:0:0:0:1', '::1'],
    ['FD00:0077:0::1', 'fd00:77::1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['1:0:0:2:3:0:0:4', '1::2:3:0:0:4'],
    ['1:2:3:4:5:6::', '1:2:3:4:5:6::'],
    ['::ffff:10.0.0.1', '::ffff:10.0.0.1'],
    ['64:ff9b::10.0.0.1', '64:ff9b::a00:1'],
  ]
  for (const [from, to] of cases) test(from, () => expect(canonical(from)).toBe(to))

  test('is what the URL standard makes of the same address', () => {
    fc.assert(
      fc.property(fc.ipV6(), (text) => {
        const mapped = canonical(text).startsWith('::ffff:') && canonical(text).includes('.')
        if (!mapped) expect(`[${canonical(text)}]`).toBe(new URL(`http://[${text}]`).hostname)
      }),
    )
  })

  test('bytes survive being formatted and parsed', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
        expect(parseAddress(formatAddress(bytes, 0, 6))).toEqual(bytes)
        expect(parseAddress(formatAddress(bytes, 5, 4))).toEqual(bytes.slice(5, 9))
      }),
    )
  })

  test('what is no address is refused', () => {
    for (const text of ['', '10.0.0', '10.0.0.256', 'fe80::1%eth0', '1::2::3', 'localhost', '10.0.0.1/8']) {
      expect(parseAddress(text)).toBeUndefined()
    }
  })

  test('endpoints', () => {
    expect(formatEndpoint('10.0.0.1', 22)).toBe('10.0.0.1:22')
    expect(formatEndpoint('fd00::1', 22)).toBe('[fd00::1]:22')
    expect(formatEndpoint('fd00::1', undefined)).toBe('fd00::1')
  })
})

const RAW = 101

/** Whether a packet from this address matches the network. */
function inNetwork(network: Network, host: string): boolean {
  const packet = isIPv4(host) ? ipv4(tcp(1, 2), { source: host }) : ipv6(tcp(1, 2), { source: host })
  dissect(RAW, packet, 0, packet.length)
  return matches({ source: network })
}

describe('networks', () => {
  const contains = (network: string, host: string) => {
    return inNetwork(parseNetwork(network)!, host)
  }

  test('whole bytes, odd bits, all and nothing', () => {
    expect(contains('10.0.0.0/8', '10.200.1.1')).toBe(true)
    expect(contains('10.0.0.0/8', '11.0.0.0')).toBe(false)
    expect(contains('10.77.128.0/17', '10.77.200.1')).toBe(true)
    expect(contains('10.77.128.0/17', '10.77.127.1')).toBe(false)
    expect(contains('10.0.0.1', '10.0.0.1')).toBe(true)
    expect(contains('10.0.0.1', '10.0.0.2')).toBe(false)
    expect(contains('0.0.0.0/0', '10.0.0.2')).toBe(true)
    expect(contains('fd00::/7', 'fc00::1')).toBe(true)
    expect(contains('fd00::/8', 'fc00::1')).toBe(false)
    expect(contains('fd00::/127', 'fd00::1')).toBe(true)
  })

  test('families are kept apart', () => {
    expect(contains('0.0.0.0/0', '::1')).toBe(false)
    expect(contains('::/0', '10.0.0.1')).toBe(false)
  })

  test('bits past the prefix are ignored', () => {
    expect(contains('10.1.2.3/8', '10.9.9.9')).toBe(true)
  })

  test('what is no network is refused', () => {
    for (const text of ['10.0.0.0/33', 'fd00::/129', '10.0.0.0/', '/8', '10.0.0.0/8/8', '10.0.0.0/-1']) {
      expect(parseNetwork(text)).toBeUndefined()
    }
  })

  test('agrees with comparing addresses as binary numbers', () => {
    const v4 = fc.uint8Array({ minLength: 4, maxLength: 4 })
    fc.assert(
      fc.property(v4, v4, fc.nat(32), (address, host, prefix) => {
        const bits = (bytes: Uint8Array) =>
          [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('')
        const expected = bits(address).slice(0, prefix) === bits(host).slice(0, prefix)
        expect(inNetwork({ family: 4, address, prefix }, formatAddress(host, 0, 4))).toBe(expected)
      }),
    )
  })
})
