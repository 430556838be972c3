/** `moonring filter` as people run it: verdicts, reports, captures and scripts that are bad input. */

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import type { ReportDocument } from '../src/packet/report-json.ts'
import { root, ScratchFolder } from './command.fixture.ts'

const work = new ScratchFolder()
afterAll(() => work.remove())

const capture = join(root, 'examples/captures/ssh.pcap')
const sshFilter = join(root, 'examples/ssh-filter.lua')
const bytes = readFileSync(capture)
const PACKETS = 498

function json(
  script: string,
  ...options: string[]
): { exit: number | null; err: string; document: ReportDocument } {
  const { exit, out, err } = work.run(['filter', script, '--pcap', capture, '--json', ...options])
  return { exit, err, document: JSON.parse(out) as ReportDocument }
}

describe('verdicts', () => {
  test('the example drops what announces OpenSSH 6.4', () => {
    const { exit, err, document } = json(sshFilter)
    expect({ exit, err }).toEqual({ exit: 0, err: '' })
    expect(document).toMatchObject({
      packets: PACKETS,
      accepted: PACKETS - 4,
      dropped: 4,
      errors: 0,
      call: 'filter',
    })
    const dropped = document.flows.filter((flow) => flow.dropped > 0)
    expect(dropped.map((flow) => flow.destination.software)).toEqual(Array(4).fill('OpenSSH_6.4'))
  })

  test('the report shows flows and totals', () => {
    const { exit, out } = work.run(['filter', sshFilter, '--pcap', capture])
    expect(exit).toBe(0)
    expect(out).toMatch(/✗ drop 1\n.* OpenSSH_6\.4\n/)
    expect(out).toMatch(/498 packets, .* 494 accepted, 4 dropped, 0 errors/)
    expect(out).toMatch(/packets per second/)
    expect(out).not.toContain('\x1b')
  })

  test('true, nil and nothing accept, false drops', () => {
    for (const [body, drops] of [
      ['return true', 0],
      ['return nil', 0],
      ['', 0],
      ['return false', 1],
    ] as const) {
      const { exit, document } = json(work.file('f.lua', `function filter() ${body} end`), '--proto', 'udp')
      expect(exit).toBe(0)
      expect(document.dropped).toBe(drops * document.calls)
      expect(document.calls).toBeGreaterThan(0)
    }
  })

  test('--call, --loop and matches', () => {
    const script = work.file('g.lua', 'function f(hdr, pld) return false end')
    const { document } = json(script, '--call', 'f', '--loop', '3', '--match', 'proto tcp port 22')
    expect(document.packets).toBe(3 * PACKETS)
    expect(document.dropped).toBe(document.calls)
    expect(document.unmatched + document.calls + document.notIp).toBe(3 * PACKETS)
    expect(json(script, '--call', 'f', '--proto', 'tcp', '--port', '22').document.calls).toBe(
      document.calls / 3,
    )
  })

  test('--rules: what a rule drops is dropped without a call', () => {
    const script = work.file(
      'rules.lua',
      `local packet = require 'packet'
      rules = packet.rules { packet.block { proto = 'udp' }, default = 'pass' }
      function filter() end`,
    )
    const { document } = json(script, '--rules')
    const udp = json(script, '--proto', 'udp').document.calls
    expect(udp).toBeGreaterThan(0)
    expect(document).toMatchObject({ calls: 0, dropped: udp })
    expect(document.unmatched + document.dropped + document.notIp).toBe(PACKETS)
  })

  test('--write keeps the accepted packets', () => {
    work.run(['filter', sshFilter, '--pcap', capture, '--write', 'kept.pcap'])
    const { out } = work.run(['filter', sshFilter, '--pcap', 'kept.pcap', '--json'])
    expect(JSON.parse(out)).toMatchObject({ packets: PACKETS - 4, dropped: 0 })
  })

  test('the capture may come from a pipe; what the script prints is no part of the report', () => {
    const script = work.file('p.lua', 'print("loaded")\nfunction filter() end')
    const { exit, out, err } = work.run(['filter', script, '--pcap', '-', '--json'], bytes)
    expect({ exit, err }).toEqual({ exit: 0, err: 'loaded\n' })
    expect(JSON.parse(out)).toMatchObject({ packets: PACKETS })
  })
})

describe('scripts that fail', () => {
  const calls: [what: string, body: string, says: RegExp][] = [
    ['returns a string', 'return "drop"', /^filter returned a string, which is no verdict$/],
    ['returns a table', 'return {}', /^filter returned a table,/],
    ['raises', 'error("boo")', /^bad\.lua:1: boo\nstack traceback:/],
    ['recurses for ever', 'return filter() + 1', /stack overflow/],
    ['allocates for ever', 'local t = {} while true do t[#t + 1] = {} end', /not enough memory/],
    ['loops for ever', 'while true do end', /out of fuel/],
    ['loops for ever in the library', 'return ("a"):rep(1000):find(("a*"):rep(100) .. "b")', /out of fuel/],
  ]
  test.each(calls)('%s: the default verdict, counted', (_, body, says) => {
    const script = work.file('bad.lua', `function filter() ${body} end`)
    for (const verdict of ['accept', 'drop']) {
      const { exit, document } = json(script, '--proto', 'udp', '--default', verdict)
      expect(exit).toBe(1)
      expect(document.errors).toBe(document.calls)
      expect(document.dropped).toBe(verdict === 'drop' ? document.calls : 0)
      expect(document.scriptErrors).toHaveLength(1)
      expect(document.scriptErrors[0]!.message).toMatch(says)
      expect(document.scriptErrors[0]!.count).toBe(document.errors)
    }
  })

  test('the report shows the error once, with its count', () => {
    const script = work.file('bad.lua', 'function filter() return 1 end')
    const { exit, out } = work.run(['filter', script, '--pcap', capture])
    expect(exit).toBe(1)
    expect(out.match(/filter returned 1, which/g)).toHaveLength(1)
    expect(out).toMatch(/494 calls of the script failed: the default verdict \(accept\) was taken/)
  })

  const loads: [what: string, text: string, says: RegExp][] = [
    [
      'no function',
      'x = 1',
      /error\[M005\]: Cannot filter with load\.lua: it defines no function filter\n.*--call/,
    ],
    ['a syntax error', 'function filter( end', /^load\.lua:1:18: error\[L/],
    ['an error while loading', 'error("no")', /^load\.lua:1: no\nstack traceback:/],
    ['no end of loading', 'while true do end', /out of fuel[\s\S]*--fuel 1000000/],
  ]
  test.each(loads)('%s: one error, before any packet', (_, text, says) => {
    const { exit, out, err } = work.run(['filter', work.file('load.lua', text), '--pcap', capture])
    expect({ exit, out }).toEqual({ exit: 1, out: '' })
    expect(err).toMatch(says)
  })
})

describe('captures that are bad input', () => {
  const withLinkType = Buffer.from(bytes)
  withLinkType.writeUInt32LE(147, 20)
  const cases: [what: string, content: Uint8Array, says: RegExp][] = [
    ['empty', Buffer.alloc(0), /K003.*the file is empty/],
    [
      'pcapng',
      Buffer.from('0a0d0d0a1c0000004d3c2b1a', 'hex'),
      /K021.*it is a pcapng file\n.*editcap -F pcap/,
    ],
    ['of an unknown link type', withLinkType, /K023.*its link type is 147 \(USER0\)/],
    ['no capture', Buffer.from('function filter() end'), /K022.*it is not a pcap file/],
  ]
  test.each(cases)('%s', (_, content, says) => {
    const { exit, out, err } = work.run(['filter', sshFilter, '--pcap', work.file('bad.pcap', content)])
    expect({ exit, out }).toEqual({ exit: 1, out: '' })
    expect(err).toMatch(says)
  })

  test('a directory, a missing file', () => {
    expect(work.run(['filter', sshFilter, '--pcap', '.'])).toMatchObject({
      exit: 1,
      err: expect.stringContaining('K002'),
    })
    expect(work.run(['filter', sshFilter, '--pcap', 'none'])).toMatchObject({
      exit: 1,
      err: expect.stringContaining('K001'),
    })
  })

  test('a header without packets is fine', () => {
    work.file('none.pcap', bytes.subarray(0, 24))
    const { exit, out } = work.run(['filter', sshFilter, '--pcap', 'none.pcap'])
    expect(exit).toBe(0)
    expect(out).toMatch(/^0 packets/)
  })

  test('a truncated one is reported up to where it ends', () => {
    writeFileSync(join(work.path, 'cut.pcap'), bytes.subarray(0, bytes.length - 5))
    const { exit, out, err } = work.run(['filter', sshFilter, '--pcap', 'cut.pcap', '--json'])
    expect(exit).toBe(1)
    expect(JSON.parse(out)).toMatchObject({ packets: PACKETS - 1, problem: { code: 'K024' } })
    expect(err).toMatch(/error\[K024\]: Cannot read all of cut\.pcap: packet 498,/)
  })
})
