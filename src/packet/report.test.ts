import { describe, expect, test } from 'vitest'
import {
  bytesOf,
  capture,
  ethernet,
  ipv4,
  ipv6,
  pcapBytes,
  tcp,
  udp,
} from '../../tools/packets/sample-packets.ts'
import { filterBy } from './dissect.fixture.ts'
import type { Verdict } from './filter.ts'
import { parseMatch } from './match.ts'
import { parsePcap } from './pcap.ts'
import { renderReport } from './report.ts'
import { reportDocument } from './report-json.ts'

const OLD = 'SSH-2.0-OpenSSH_6.4\r\n'
const NEW = 'SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n'
const there = { source: '10.77.0.2', destination: '10.77.0.1' }
const back = { source: '10.77.0.1', destination: '10.77.0.2' }
const LONG = {
  source: '2001:db8:85a3:8d3:1319:8a2e:370:7348',
  destination: '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff',
}
const SESSION = [
  ethernet(ipv4(tcp(42940, 22, NEW), there)),
  ethernet(ipv4(tcp(22, 42940, OLD), back)),
  ethernet(ipv4(tcp(42940, 22, new Uint8Array(1400)), there)),
]
const OTHERS = [
  ethernet(ipv4(tcp(50000, 80, 'GET / HTTP/1.1\r\n'), there)),
  ethernet(ipv6(tcp(50001, 22, NEW), LONG)),
  ethernet(new Uint8Array(28), 0x0806),
  ethernet(ipv4(udp(5, 6, 'x').slice(0, 4), { protocol: 17 })),
]

function dropOld(_: Uint8Array, payload: Uint8Array): Verdict {
  return Buffer.from(payload).toString('latin1').includes('OpenSSH_6.4') ? 'drop' : 'accept'
}

/** A clock on which every run of calls takes 2 ms. */
function clock(): () => number {
  let time = 0
  return () => {
    time += 2
    return time
  }
}

describe('for people', () => {
  test('80 columns', () => {
    const result = filterBy(capture([...SESSION, ...OTHERS]), dropOld, { now: clock() })
    expect(renderReport(result, { colour: false, width: 80 })).toMatchInlineSnapshot(`
      "flow                             proto  packets   bytes  SSH software   verdict
      ───────────────────────────────  ─────  ───────  ──────  ─────────────  ────────
      10.77.0.2:42940                  tcp          3  1.6 kB  OpenSSH_9.2p1  ✗ drop 1
      → 10.77.0.1:22                                           OpenSSH_6.4
      10.77.0.2:50000                  tcp          1    70 B                 accept
      → 10.77.0.1:80
      [2001:db8:85a3:8d3:1319:8a2e     tcp          1   106 B  OpenSSH_9.2p1  accept
        :370:7348]:50001
      → [2001:db8:ffff:ffff:ffff:ffff
          :ffff:ffff]:22

      7 packets, 1.9 kB, 3 flows: 6 accepted, 1 dropped, 0 errors
      Accepted without a call: 1 not IP, 1 malformed (UDP header cut short)
      5 calls of the script in 2.0 ms: 2,500 packets per second
      "
    `)
  })

  test('wide', () => {
    const result = filterBy(capture([...SESSION, ...OTHERS]), dropOld, { now: clock(), loop: 100_000 })
    expect(renderReport(result, { colour: false, width: 120 })).toMatchInlineSnapshot(`
      "flow                                           proto  packets     bytes  SSH software   verdict
      ─────────────────────────────────────────────  ─────  ───────  ────────  ─────────────  ──────────────
      10.77.0.2:42940                                tcp    300,000  161.5 MB  OpenSSH_9.2p1  ✗ drop 100,000
      → 10.77.0.1:22                                                           OpenSSH_6.4
      10.77.0.2:50000                                tcp    100,000    7.0 MB                 accept
      → 10.77.0.1:80
      [2001:db8:85a3:8d3:1319:8a2e:370:7348]:50001   tcp    100,000   10.6 MB  OpenSSH_9.2p1  accept
      → [2001:db8:ffff:ffff:ffff:ffff:ffff:ffff]:22

      700,000 packets, 187.1 MB, 3 flows: 600,000 accepted, 100,000 dropped, 0 errors
      Accepted without a call: 100,000 not IP, 100,000 malformed (UDP header cut short)
      500,000 calls of the script in 200.00 s: 2,500 packets per second
      "
    `)
  })

  test('colour: dropped flows and totals are red, line by line', () => {
    const result = filterBy(capture(SESSION), dropOld, { now: clock() })
    const coloured = renderReport(result, { colour: true, width: 80 })
    expect(coloured).toContain('\x1b[31m10.77.0.2:42940\x1b[39m')
    expect(coloured).toContain('\x1b[31m→ 10.77.0.1:22\x1b[39m')
    expect(coloured).toContain('\x1b[31m✗ drop 1\x1b[39m')
    expect(coloured).toContain('\x1b[31m1 dropped\x1b[39m')
    const plain = renderReport(result, { colour: false, width: 80 })
    expect(plain).not.toContain('\x1b')
    expect(coloured.replaceAll(/\p{Cc}\[\d+m/gu, '')).toBe(plain)
  })

  test('errors of the script, folded, with what a terminal would obey spelt out', () => {
    let call = 0
    const fail = (): Verdict => ({
      error: call++ < 2 ? 'f.lua:3: bad\x1b[2J\nstack traceback:\n\t[C]: in ?' : 'f.lua:4: worse',
    })
    const result = filterBy(capture(SESSION), fail, { now: clock(), defaultVerdict: 'drop' })
    expect(renderReport(result, { colour: false, width: 80, defaultVerdict: 'drop' })).toMatchInlineSnapshot(`
      "flow             proto  packets   bytes  SSH software   verdict
      ───────────────  ─────  ───────  ──────  ─────────────  ──────────
      10.77.0.2:42940  tcp          3  1.6 kB  OpenSSH_9.2p1  ✗ drop 3
      → 10.77.0.1:22                           OpenSSH_6.4    ! 3 errors

      3 calls of the script failed: the default verdict (drop) was taken
           2 × f.lua:3: bad\\x1b[2J
               stack traceback:
               	[C]: in ?
           1 × f.lua:4: worse

      3 packets, 1.6 kB, 1 flow: 0 accepted, 3 dropped, 3 errors
      3 calls of the script in 2.0 ms: 1,500 packets per second
      "
    `)
  })

  test('more than ten different errors', () => {
    let call = 0
    const result = filterBy(capture(SESSION), () => ({ error: `error ${call++}` }), { loop: 4 })
    expect(renderReport(result, { colour: false, width: 80 })).toContain('… and 2 other errors')
  })

  test('unmatched flows', () => {
    const result = filterBy(capture(SESSION), dropOld, { now: clock(), match: parseMatch({ proto: 'udp' }) })
    expect(renderReport(result, { colour: false, width: 80 })).toMatchInlineSnapshot(`
      "flow             proto  packets   bytes  SSH software   verdict
      ───────────────  ─────  ───────  ──────  ─────────────  ─────────
      10.77.0.2:42940  tcp          3  1.6 kB  OpenSSH_9.2p1  unmatched
      → 10.77.0.1:22                           OpenSSH_6.4

      3 packets, 1.6 kB, 1 flow: 3 accepted, 0 dropped, 0 errors
      Accepted without a call: 3 unmatched
      0 calls of the script in 0.0 ms
      "
    `)
  })

  test('no packets', () => {
    expect(renderReport(filterBy(capture([]), dropOld), { colour: false, width: 80 })).toMatchInlineSnapshot(`
      "0 packets, 0 B, 0 flows: 0 accepted, 0 dropped, 0 errors
      0 calls of the script in 0.0 ms
      "
    `)
  })

  test('80 columns hold any flow, also after a million packets', () => {
    const long = `SSH-2.0-${'x'.repeat(200)}\r\n`
    const packets = [...SESSION, ...OTHERS, ethernet(ipv6(tcp(65535, 65534, long), LONG))]
    const result = filterBy(capture(packets), dropOld, { now: clock() })
    const flows = result.flows.map((flow) => ({
      ...flow,
      packets: 1_000_000,
      bytes: 999_900_000,
      dropped: 1_000_000,
    }))
    const report = renderReport({ ...result, flows }, { colour: false, width: 80 })
    expect(Math.max(...report.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80)
    for (const part of ['[2001:db8:85a3', ':50001', ':65535', 'xxx…']) expect(report).toContain(part)
  })
})

describe('many flows', () => {
  const packets = Array.from({ length: 1000 }, (_, index) =>
    ethernet(ipv4(tcp(10000 + index, 22, index === 700 || index === 900 ? OLD : NEW), there)),
  )
  const result = filterBy(capture(packets), dropOld, { now: clock() })

  test('20 are shown, those with dropped packets among them', () => {
    const report = renderReport(result, { colour: false, width: 80 })
    expect(report).toContain('… and 980 more flows (--all-flows shows all)')
    expect(report.match(/10\.77\.0\.2:\d+/g)).toEqual([
      ...Array.from({ length: 18 }, (_, index) => `10.77.0.2:${10000 + index}`),
      '10.77.0.2:10700',
      '10.77.0.2:10900',
    ])
  })

  test('more with dropped packets than are shown', () => {
    const dropped = filterBy(capture(packets), () => 'drop', { now: clock() })
    const report = renderReport(dropped, { colour: false, width: 80 })
    expect(report).toContain('… and 980 more flows, 980 of them with dropped packets (--all-flows shows all)')
  })

  test('all on request', () => {
    const report = renderReport(result, { colour: false, width: 80, allFlows: true })
    expect(report.match(/10\.77\.0\.2:\d+/g)).toHaveLength(1000)
    expect(report).not.toContain('more flows')
  })
})

describe('for programs', () => {
  const subject = {
    capture: 'a.pcap',
    script: 'f.lua',
    call: 'filter',
    defaultVerdict: 'accept',
    loop: 1,
  } as const

  test('one document', () => {
    const fail = (header: Uint8Array, payload: Uint8Array): Verdict =>
      payload.length > 1000 ? { error: 'f.lua:1: long' } : dropOld(header, payload)
    const bytes = pcapBytes([...SESSION, ...OTHERS]).slice(0, -1)
    const result = filterBy(parsePcap(bytes, 'a.pcap'), fail, { now: clock() })
    const document = reportDocument(result, subject)
    expect(JSON.parse(JSON.stringify(document))).toEqual(document)
    expect(document).toMatchInlineSnapshot(`
      {
        "accepted": 5,
        "bytes": 1833,
        "call": "filter",
        "calls": 5,
        "capture": "a.pcap",
        "defaultVerdict": "accept",
        "dropped": 1,
        "errors": 1,
        "flows": [
          {
            "accepted": 2,
            "bytes": 1615,
            "destination": {
              "address": "10.77.0.1",
              "port": 22,
              "software": "OpenSSH_6.4",
            },
            "dropped": 1,
            "errors": 1,
            "packets": 3,
            "protocol": "tcp",
            "source": {
              "address": "10.77.0.2",
              "port": 42940,
              "software": "OpenSSH_9.2p1",
            },
            "unmatched": 0,
          },
          {
            "accepted": 1,
            "bytes": 70,
            "destination": {
              "address": "10.77.0.1",
              "port": 80,
              "software": null,
            },
            "dropped": 0,
            "errors": 0,
            "packets": 1,
            "protocol": "tcp",
            "source": {
              "address": "10.77.0.2",
              "port": 50000,
              "software": null,
            },
            "unmatched": 0,
          },
          {
            "accepted": 1,
            "bytes": 106,
            "destination": {
              "address": "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff",
              "port": 22,
              "software": null,
            },
            "dropped": 0,
            "errors": 0,
            "packets": 1,
            "protocol": "tcp",
            "source": {
              "address": "2001:db8:85a3:8d3:1319:8a2e:370:7348",
              "port": 50001,
              "software": "OpenSSH_9.2p1",
            },
            "unmatched": 0,
          },
        ],
        "loop": 1,
        "malformed": 0,
        "malformedReasons": [],
        "notIp": 1,
        "packets": 6,
        "packetsPerSecond": 2500,
        "problem": {
          "code": "K024",
          "hint": "the packets before it were processed; the capture is damaged, or was still being written",
          "message": "Cannot read all of a.pcap: packet 7, at byte 1953, lacks 1 bytes",
          "offset": 1953,
        },
        "script": "f.lua",
        "scriptErrors": [
          {
            "count": 1,
            "message": "f.lua:1: long",
          },
        ],
        "seconds": 0.002,
        "unmatched": 0,
      }
    `)
  })

  test('no problem, no speed, no ports', () => {
    const echo = ethernet(ipv4(bytesOf([8, 0, 0, 0, 0, 0, 0, 0]), { protocol: 1 }))
    const result = filterBy(capture([echo]), dropOld, { match: parseMatch({ proto: 'tcp' }) })
    expect(reportDocument(result, subject)).toMatchObject({
      packetsPerSecond: null,
      problem: null,
      unmatched: 1,
      flows: [
        { protocol: 'icmp', source: { address: '10.0.0.1', port: null, software: null }, unmatched: 1 },
      ],
    })
  })
})
