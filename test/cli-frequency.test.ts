/** `moonring govern`, `simulate` and `record` as people run them. */

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { parseLoadTrace } from '../src/cpufreq/load-trace.ts'
import { root, ScratchFolder } from './command.fixture.ts'
import { describeUnless } from './needs.fixture.ts'

const work = new ScratchFolder()
afterAll(() => work.remove())

const example = (name: string) => join(root, 'examples', name)
const trace = work.file('load.csv', 'ms,cpu0,cpu1\n0,10,10\n500,100,10\n1000,10,10\n')

describe('simulate', () => {
  test('a column for each governor, and a plot', () => {
    const { exit, out, err } = work.run([
      ...['simulate', 'cpufreq', example('throttle.lua'), example('ondemand.lua')],
      ...['--trace', trace, '--plot', 'out.svg'],
    ])
    expect({ exit, err }).toEqual({ exit: 0, err: '' })
    expect(out).toMatch(
      /^ +throttle +ondemand\nenergy +[\d.]+ J +[\d.]+ J\ndelay, average +[\d.]+ ms +[\d.]+ ms\n/,
    )
    expect(out).toMatch(/calls that failed +0 of 150 +0 of 150\n\n1\.5 s of 2 processors/)
    const svg = readFileSync(join(work.path, 'out.svg'), 'utf8')
    expect(svg).toContain('throttle')
    expect(svg).toContain('ondemand')
  })

  test('JSON', () => {
    const { out } = work.run(['simulate', 'cpufreq', example('throttle.lua'), '--trace', trace, '--json'])
    const document = JSON.parse(out)
    expect(document).toMatchObject({
      cpus: 2,
      duration: 1500,
      period: 20,
      governors: [{ governor: 'throttle' }],
    })
    expect(document.governors[0].energy).toBeGreaterThan(0)
  })

  test('a script that fails is counted, and the built-in rule goes on', () => {
    const bad = work.file('bad.lua', 'function throttle() error("boo") end')
    const { exit, out, err } = work.run(['simulate', 'cpufreq', bad, '--trace', trace])
    expect(exit).toBe(1)
    expect(err.match(/bad\.lua:1: boo/g)).toHaveLength(1)
    expect(out).toMatch(/calls that failed +150 of 150/)
  })

  test.each([
    [['simulate', 'cpufreq', 'x.lua'], 2, /moonring simulate needs --trace LOAD/],
    [['simulate', 'fan', 'x.lua', '--trace', trace], 2, /HOOK of moonring simulate takes cpufreq, not 'fan'/],
    [
      ['simulate', 'cpufreq', example('throttle.lua'), '--trace', 'none.csv'],
      1,
      /error\[F001\]: Cannot read none\.csv/,
    ],
    [['simulate', 'cpufreq', example('throttle.lua'), '--trace', '/dev/null'], 1, /error\[F002\]: .* line 1/],
    [['simulate', 'cpufreq', example('throttle.lua'), '--trace', trace, '--period', '0'], 2, /--period '0'/],
    [['simulate', 'cpufreq', example('ssh-filter.lua'), '--trace', trace], 1, /defines no function throttle/],
    [
      ['simulate', 'cpufreq', example('throttle.lua'), '--trace', trace, '--plot', '/none/x.svg'],
      1,
      /Cannot write/,
    ],
    [['govern', 'none.lua'], 1, /Cannot read none\.lua/],
    [['govern', example('throttle.lua'), '--period', 'soon'], 2, /--period 'soon'/],
    [['record', 'everything'], 2, /WHAT of moonring record takes load, not 'everything'/],
  ] as const)('%j', (args, code, message) => {
    const { exit, err } = work.run([...args])
    expect(err).toMatch(message)
    expect(exit).toBe(code)
  })
})

test('what record writes, simulate reads', () => {
  const { exit, err } = work.run([
    'record',
    'load',
    '--period',
    '50',
    '--duration',
    '400',
    '--output',
    'own.csv',
  ])
  expect({ exit, err }).toEqual({ exit: 0, err: 'recording every 50 ms; Ctrl-C ends it\n' })
  const own = parseLoadTrace(readFileSync(join(work.path, 'own.csv'), 'utf8'), 'own.csv')
  expect(own.rows.length).toBeGreaterThan(1)
  expect(work.run(['simulate', 'cpufreq', example('throttle.lua'), '--trace', 'own.csv']).exit).toBe(0)
})

describeUnless(existsSync('/sys/devices/system/cpu/cpufreq/policy0') && 'this machine has cpufreq')(
  'without cpufreq',
  () => {
    test('govern says what is missing, and offers the simulator', () => {
      const { exit, err } = work.run(['govern', example('throttle.lua')])
      expect(exit).toBe(4)
      expect(err).toMatch(/error\[M022\]: .* this machine has no cpufreq policy\n.*moonring simulate cpufreq/)
    })
  },
)
