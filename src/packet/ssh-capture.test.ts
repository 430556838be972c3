/** The capture and the filter that ship with Moonring, against tools that read them independently. */

import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { testUnless } from '../../test/needs.fixture.ts'
import { readCapture } from './capture-file.ts'
import { filterBy } from './dissect.fixture.ts'
import type { Flow } from './flows.ts'

const root = join(import.meta.dirname, '../..')
const capturePath = join(root, 'examples/captures/ssh.pcap')
const filterPath = join(root, 'examples/ssh-filter.lua')

const has = (command: string, option: string) => spawnSync(command, [option]).status === 0
const result = filterBy(readCapture(capturePath), () => 'accept')
const ports = (flow: Flow) => [flow.source.port, flow.destination.port]

describe('the capture', () => {
  test('is small, whole, and all of it is understood', () => {
    expect(statSync(capturePath).size).toBeLessThan(300_000)
    expect(result.problem).toBeUndefined()
    expect(result.malformed).toBe(0)
    expect(result.accepted).toBe(result.packets)
  })

  test('holds what it was recorded for', () => {
    const announced = result.flows.map((flow) => flow.destination.software)
    expect(announced.filter((software) => software === 'OpenSSH_6.4').length).toBeGreaterThanOrEqual(4)
    expect(announced.filter((software) => software?.startsWith('OpenSSH_9')).length).toBeGreaterThanOrEqual(4)
    const servers = result.flows.map((flow) => flow.destination.port)
    for (const port of [22, 23, 80, 7000, 7]) expect(servers).toContain(port)
    const v6 = result.flows.filter((flow) => flow.source.address.includes(':'))
    expect(v6.some((flow) => flow.destination.software === 'OpenSSH_6.4')).toBe(true)
    expect(v6.some((flow) => flow.destination.port === 80)).toBe(true)
  })

  testUnless(!has('tshark', '--version') && 'tshark is not installed')(
    'has the packets, bytes and TCP flows that tshark sees',
    () => {
      const fields = ['frame.len', 'tcp.stream', 'tcp.port', 'ssh.protocol', 'tcp.len']
      const options = ['-r', capturePath, '-T', 'fields', ...fields.flatMap((field) => ['-e', field])]
      const output = execFileSync('tshark', options, {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      })
      const rows = output
        .trimEnd()
        .split('\n')
        .map((line) => line.split('\t'))
      expect(result.packets).toBe(rows.length)
      expect(result.bytes).toBe(rows.reduce((sum, row) => sum + Number(row[0]), 0))

      const streams = new Map<
        string,
        { packets: number; bytes: number; ports: number[]; software: string[] }
      >()
      for (const [length, stream = '', both = '', announcement] of rows) {
        if (stream === '') continue
        const entry = streams.get(stream) ?? {
          packets: 0,
          bytes: 0,
          ports: both.split(',').map(Number),
          software: [],
        }
        entry.packets++
        entry.bytes += Number(length)
        if (announcement) entry.software.push(announcement)
        streams.set(stream, entry)
      }
      const flows = result.flows.filter((flow) => flow.protocol === 6)
      expect(flows.map((flow) => ({ packets: flow.packets, bytes: flow.bytes, ports: ports(flow) }))).toEqual(
        [...streams.values()].map(({ packets, bytes, ports }) => ({ packets, bytes, ports })),
      )
      const mine = flows.flatMap(({ source, destination }) => [source.software, destination.software])
      const theirs = [...streams.values()].flatMap(({ software }) =>
        software.map((s) => /^SSH-2\.0-(\S+)/.exec(s)![1]),
      )
      expect(mine.filter((software) => software !== undefined).sort()).toEqual(theirs.sort())
    },
  )
})

/** Gives lua5.4 the two operations on blocks that the filter uses; reads payloads as lines of hex digits. */
const STAND_IN = `
  dofile(arg[1])
  local block = {}
  block.__index = block
  block.__tostring = function(b) return b.bytes end
  function block:segment(offset, length)
    local bytes = self.bytes:sub(offset + 1, offset + length)
    return bytes ~= '' and setmetatable({bytes = bytes}, block) or nil
  end
  for line in io.lines() do
    local bytes = line:gsub('..', function(digits) return string.char(tonumber(digits, 16)) end)
    print(filter(setmetatable({bytes = ''}, block), setmetatable({bytes = bytes}, block)))
  end`

describe('the filter', () => {
  const source = readFileSync(filterPath, 'utf8')

  test('is short, and matches what the paper matches', () => {
    expect(source.trimEnd().split('\n').length).toBeLessThanOrEqual(22)
    expect(source).toContain("'SSH%-[^-%G]+%-([^-%G]+)'")
    expect(source).toContain('segment(0, 255)')
  })

  const verdictsOf = (payloads: readonly Uint8Array[]) => {
    const input = payloads.map((payload) => `${Buffer.from(payload).toString('hex')}\n`).join('')
    return execFileSync('lua5.4', ['-e', `arg = {[1] = ${JSON.stringify(filterPath)}} ${STAND_IN}`], {
      input,
      encoding: 'utf8',
    })
      .trimEnd()
      .split('\n')
  }

  testUnless(!has('lua5.4', '-v') && 'lua5.4 is not installed')('refuses OpenSSH_6.4 only', () => {
    const payloads: Uint8Array[] = []
    filterBy(readCapture(capturePath), (_, payload) => {
      payloads.push(payload.slice())
      return 'accept'
    })
    const dropped = payloads.filter((payload) => Buffer.from(payload).includes('SSH-2.0-OpenSSH_6.4'))
    const verdicts = verdictsOf(payloads)
    expect(verdicts).toHaveLength(payloads.length)
    expect(payloads.filter((_, index) => verdicts[index] === 'false')).toEqual(dropped)
    expect(dropped).toHaveLength(4)
    expect(new Set(verdicts)).toEqual(new Set(['true', 'false']))
  })
})
