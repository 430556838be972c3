import { describe, expect, test } from 'vitest'
import { bytesOf, ipv4, ipv6, tcp, udp } from '../../tools/packets/sample-packets.ts'
import { dissect, matches } from './dissect.fixture.ts'
import { type MatchOptions, parseMatch, splitMatchText } from './match.ts'

const RAW = 101

function matched(options: MatchOptions, bytes: Uint8Array): boolean {
  const packet = dissect(RAW, bytes, 0, bytes.length)
  if (packet.kind !== 'ip') throw new Error(packet.kind)
  return matches(parseMatch(options))
}

const SSH = ipv4(tcp(40000, 22), { source: '10.77.0.2', destination: '10.77.0.1' })
const SSH6 = ipv6(tcp(40000, 22), { source: 'fd00:77::2', destination: 'fd00:77::1' })
const DNS = ipv4(udp(53, 40000), { protocol: 17 })
const PING = ipv4(bytesOf([8, 0, 0, 0, 0, 0, 0, 0]), { protocol: 1 })
const LATER = ipv4(bytesOf('rest'), { fragmentOffset: 8 })

describe('evaluates', () => {
  test('nothing: everything matches', () => {
    for (const packet of [SSH, SSH6, DNS, PING, LATER]) expect(matched({}, packet)).toBe(true)
  })

  test('protocol by name and number', () => {
    expect(matched({ proto: 'tcp' }, SSH)).toBe(true)
    expect(matched({ proto: '6' }, SSH6)).toBe(true)
    expect(matched({ proto: 'udp' }, SSH)).toBe(false)
    expect(matched({ proto: 'UDP' }, DNS)).toBe(true)
    expect(matched({ proto: 'icmp' }, PING)).toBe(true)
  })

  test('ports', () => {
    expect(matched({ sport: '40000' }, SSH)).toBe(true)
    expect(matched({ sport: '22' }, SSH)).toBe(false)
    expect(matched({ dport: '22' }, SSH6)).toBe(true)
    expect(matched({ port: '22' }, SSH)).toBe(true)
    expect(matched({ port: '53' }, DNS)).toBe(true)
    expect(matched({ port: '54' }, DNS)).toBe(false)
    expect(matched({ dport: '20-22' }, SSH)).toBe(true)
    expect(matched({ dport: '23-65535' }, SSH)).toBe(false)
  })

  test('a packet without ports matches no port', () => {
    for (const packet of [PING, LATER]) {
      for (const option of ['sport', 'dport', 'port'])
        expect(matched({ [option]: '0-65535' }, packet)).toBe(false)
    }
  })

  test('addresses of both families', () => {
    expect(matched({ saddr: '10.77.0.0/24', daddr: '10.77.0.1' }, SSH)).toBe(true)
    expect(matched({ saddr: '10.77.0.1' }, SSH)).toBe(false)
    expect(matched({ daddr: 'fd00:77::/64' }, SSH6)).toBe(true)
    expect(matched({ daddr: 'fd00:77::/64' }, SSH)).toBe(false)
    expect(matched({ saddr: '::/0' }, SSH)).toBe(false)
  })

  test('all options must hold', () => {
    expect(matched({ proto: 'tcp', dport: '22', saddr: '10.77.0.2' }, SSH)).toBe(true)
    expect(matched({ proto: 'tcp', dport: '22', saddr: '10.77.0.3' }, SSH)).toBe(false)
  })
})

describe('refuses', () => {
  const cases: [options: MatchOptions, code: string, message: string][] = [
    [{ proto: 'ssh' }, 'K040', "Cannot match protocol 'ssh'"],
    [{ proto: '256' }, 'K040', "Cannot match protocol '256'"],
    [{ proto: '' }, 'K040', "Cannot match protocol ''"],
    [{ sport: '65536' }, 'K041', "Cannot match sport '65536'"],
    [{ dport: 'ssh' }, 'K041', "Cannot match dport 'ssh'"],
    [{ port: '30-20' }, 'K041', "Cannot match port '30-20'"],
    [{ port: '' }, 'K041', "Cannot match port ''"],
    [{ saddr: '10.0.0.0/33' }, 'K042', "Cannot match saddr '10.0.0.0/33'"],
    [{ daddr: 'example' }, 'K042', "Cannot match daddr 'example'"],
  ]
  for (const [options, code, message] of cases) {
    test(message, () => {
      expect(() => parseMatch(options)).toThrow(expect.objectContaining({ code }))
      expect(() => parseMatch(options)).toThrow(message)
    })
  }
})

describe('one text', () => {
  test('pairs of words, whatever is between them', () => {
    const options = { proto: 'tcp', dport: '22', saddr: '10.0.0.0/8' }
    expect(splitMatchText('proto tcp dport 22 saddr 10.0.0.0/8')).toEqual(options)
    expect(splitMatchText(' proto=tcp, dport=22,saddr=10.0.0.0/8')).toEqual(options)
    expect(splitMatchText('')).toEqual({})
  })

  test('refuses other words, a lacking value, repetition', () => {
    expect(() => splitMatchText('tcp dport 22')).toThrow(
      "'tcp' is none of proto, sport, dport, port, saddr, daddr",
    )
    expect(() => splitMatchText('__proto__ x')).toThrow("'__proto__' is none of")
    expect(() => splitMatchText('proto tcp dport')).toThrow('dport lacks its value')
    expect(() => splitMatchText('port 1 port 2')).toThrow('port is given twice')
  })
})
