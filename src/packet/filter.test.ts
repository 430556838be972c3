import { describe, expect, test } from 'vitest'
import { capture, ethernet, ipv4, pcapBytes, tcp, udp } from '../../tools/packets/sample-packets.ts'
import { filterBy } from './dissect.fixture.ts'
import { packetsPerSecond, type Verdict } from './filter.ts'
import { parseMatch } from './match.ts'
import { parsePcap } from './pcap.ts'

const ARP = ethernet(new Uint8Array(28), 0x0806)
const CUT = ethernet(ipv4(tcp(1, 2).slice(0, 10)))
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1')
const line = (payload: string, port = 22) => ethernet(ipv4(tcp(40000, port, payload)))

/** Drops, fails or accepts, as the payload says. */
function obey(_: Uint8Array, payload: Uint8Array): Verdict {
  const word = text(payload)
  if (word === 'drop') return 'drop'
  return word.startsWith('fail') ? { error: word } : 'accept'
}

const MIXED = [
  line('a'),
  line('drop'),
  ARP,
  line('fail 1'),
  line('drop', 80),
  CUT,
  line('fail 1'),
  line('fail 2'),
]

describe('verdicts', () => {
  test('are asked for with the headers from the network layer on, and the payload', () => {
    const seen: [number, number, string][] = []
    filterBy(
      capture([line('hello'), ethernet(ipv4(udp(1, 2, 'x'), { protocol: 17 })), line('')]),
      (header, payload) => {
        seen.push([header[0]!, header.length, text(payload)])
        return 'accept'
      },
    )
    expect(seen).toEqual([
      [0x45, 40, 'hello'],
      [0x45, 28, 'x'],
      [0x45, 40, ''],
    ])
  })

  test('are counted, in total and by flow', () => {
    const result = filterBy(capture(MIXED, { originalLength: 1000 }), obey)
    expect(result).toMatchObject({
      packets: 8,
      bytes: 8000,
      accepted: 6,
      dropped: 2,
      errors: 3,
      unmatched: 0,
      notIp: 1,
      malformed: 1,
      calls: 6,
      problem: undefined,
      scriptErrors: [
        { text: 'fail 1', count: 2 },
        { text: 'fail 2', count: 1 },
      ],
      malformedReasons: [{ text: 'TCP header cut short', count: 1 }],
    })
    expect(result.flows).toMatchObject([
      { destination: { port: 22 }, packets: 5, accepted: 4, dropped: 1, errors: 3 },
      { destination: { port: 80 }, packets: 1, accepted: 0, dropped: 1, errors: 0 },
    ])
  })

  test('that fail fall back to the default verdict', () => {
    const result = filterBy(capture(MIXED), obey, { defaultVerdict: 'drop' })
    expect(result).toMatchObject({ accepted: 3, dropped: 5, errors: 3 })
    expect(result.flows[0]).toMatchObject({ accepted: 1, dropped: 4, errors: 3 })
  })

  test('are not asked for where packets do not match', () => {
    const result = filterBy(capture(MIXED), obey, { match: parseMatch({ dport: '80' }) })
    expect(result).toMatchObject({ packets: 8, calls: 1, dropped: 1, accepted: 7, unmatched: 5, errors: 0 })
    expect(result.flows[0]).toMatchObject({ packets: 5, unmatched: 5, accepted: 5 })
  })

  test('a script with endless different errors has bounded memory', () => {
    let call = 0
    const result = filterBy(capture([line('x')]), () => ({ error: `error ${call++}` }), { loop: 5000 })
    expect(result.errors).toBe(5000)
    expect(result.scriptErrors).toHaveLength(101)
    expect(result.scriptErrors[0]).toEqual({ text: '(others)', count: 4900 })
  })
})

test('a capture cut short: what came before counts, and the problem is told', () => {
  const result = filterBy(parsePcap(pcapBytes(MIXED).slice(0, -1), 'x'), obey)
  expect(result).toMatchObject({ packets: 7, calls: 5, errors: 2, problem: { code: 'K024' } })
})

test('accepted packets are told of in order, in the first round only', () => {
  const pcap = capture(MIXED)
  const all = [...pcap.records()]
  const accepted: unknown[] = []
  filterBy(pcap, obey, { loop: 3, onAccepted: (record) => accepted.push(record) })
  expect(accepted).toEqual(all.filter((_, index) => index !== 1 && index !== 4))
})

test('more packets than wait at once keep their order and verdicts', () => {
  const packets = Array.from({ length: 3000 }, (_, index) => line(index % 3 === 0 ? 'drop' : String(index)))
  const pcap = capture(packets)
  const asked: string[] = []
  const accepted: number[] = []
  const result = filterBy(
    pcap,
    (header, payload) => {
      asked.push(text(payload))
      return obey(header, payload)
    },
    { onAccepted: (record) => accepted.push(record.offset) },
  )
  expect(asked).toEqual(packets.map((packet) => text(packet.subarray(54))))
  expect(accepted).toEqual(
    [...pcap.records()].filter((_, index) => index % 3 !== 0).map((record) => record.offset),
  )
  expect(result).toMatchObject({ dropped: 1000, accepted: 2000 })
})

describe('time', () => {
  test('only the calls are timed, over all rounds', () => {
    let clock = 0
    const verdictOf = (): Verdict => {
      clock += 2
      return 'accept'
    }
    const result = filterBy(capture(MIXED), verdictOf, { loop: 10, now: () => clock })
    expect(result).toMatchObject({ packets: 80, calls: 60, seconds: 0.12 })
    expect(packetsPerSecond(result)).toBe(500)
  })

  test('without calls, or without time, there is no speed', () => {
    expect(packetsPerSecond(filterBy(capture([ARP]), obey))).toBeUndefined()
    expect(packetsPerSecond(filterBy(capture(MIXED), obey, { now: () => 7 }))).toBeUndefined()
  })
})

test('errors of the caller are not taken for errors of the script', () => {
  const verdictOf = () => {
    throw new TypeError('broken')
  }
  expect(() => filterBy(capture(MIXED), verdictOf)).toThrow('broken')
})
