import { expect, test } from 'vitest'
import { LinuxMachine } from './linux-machine.ts'
import { formatLoadTrace, parseLoadTrace } from './load-trace.ts'
import { LoadRecorder } from './record-load.ts'
import { SysfsTree } from './sysfs-tree.fixture.ts'

test('rows hold until the next one, the last one as long as the one before', () => {
  expect(parseLoadTrace('# remark\n\nms,cpu0,cpu3\n100,1,2\n150, 3.5 ,400\r\n250,0,0\n', 'x')).toEqual({
    cpus: 2,
    duration: 250,
    rows: [
      { from: 0, to: 50, loads: [1, 2] },
      { from: 50, to: 150, loads: [3.5, 400] },
      { from: 150, to: 250, loads: [0, 0] },
    ],
  })
})

test('what is written can be read', () => {
  const text = formatLoadTrace(['two', 'remarks'], 2, [
    [0, 12.34, 100],
    [20, 0, 0.06],
  ])
  expect(text).toBe('# two\n# remarks\nms,cpu0,cpu1\n0,12.3,100\n20,0,0.1\n')
  expect(parseLoadTrace(text, 'x').duration).toBe(40)
})

test.each([
  ['', /line 1: the first line must be ms,cpu0/],
  ['ms\n0\n1\n', /line 1: the first line/],
  ['time,cpu0\n0,1\n', /line 1: the first line/],
  ['ms,cpu0\n0,1\n', /a trace has two rows at least/],
  ['ms,cpu0\n0,1\n20\n', /line 3: 1 values, where the first line has 2/],
  ['ms,cpu0\n0,1\n20,x\n', /line 3: a value is no number/],
  ['ms,cpu0\n0,1\n20,-1\n', /line 3: a value is no number/],
  ['ms,cpu0\n0,1\n20,1e9\n', /line 3: a value is no number/],
  ['ms,cpu0\n0,1\n20,10001\n', /line 3: a load is more than 10000 percent/],
  ['ms,cpu0\n20,1\n20,1\n', /line 3: times must grow/],
  ['ms,cpu0\n0,1\n99999999,1\n', /longer than a day/],
  ['\0\xff\xfe', /line 1: the first line/],
])('%j is no trace', (text, message) => {
  expect(() => parseLoadTrace(text, 'x')).toThrow(message)
})

test('a recorded row is the work that was done, also where periods were skipped', () => {
  const tree = new SysfsTree([[0], [1]])
  tree.policies[0]!.current = 3_000_000
  let time = 0
  let due = () => {}
  const clock = {
    now: () => time,
    after: (_: number, action: () => void) => {
      due = action
      return () => {}
    },
  }
  const recorder = new LoadRecorder(new LinuxMachine(tree), 100, clock)
  const goTo = (ms: number, busy: number, idle: number) => {
    tree.spend(0, busy, idle)
    tree.spend(1, busy, idle)
    time = ms
    due()
  }
  goTo(100, 5, 5)
  goTo(350, 25, 0)
  goTo(400, 0, 5)
  tree.policies[1]!.isOn = false
  goTo(500, 10, 0)
  // processor 1 runs at 60 percent of its highest frequency
  expect(recorder.stop()).toEqual([
    [0, 50, 30],
    [100, 100, 60],
    [350, 0, 0],
    [400, 100, 0],
  ])
})
