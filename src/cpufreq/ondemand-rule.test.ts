import { describe, expect, test } from 'vitest'
import { LinuxMachine } from './linux-machine.ts'
import { OndemandRule } from './ondemand-rule.ts'
import { SysfsTree } from './sysfs-tree.fixture.ts'

/** 10 ms in nanoseconds, one tick. */
const PERIOD = 1e7

function ruled(cpus: readonly number[]) {
  const tree = new SysfsTree([cpus])
  tree.policies[0]!.governor = 'userspace'
  const machine = new LinuxMachine(tree)
  const rule = new OndemandRule(machine, machine.policies()[0]!, PERIOD)
  /** The load after busy and idle ticks of each processor. */
  const load = (...ticks: [busy: number, idle: number][]) => {
    ticks.forEach(([busy, idle], cpu) => {
      tree.spend(cpu, busy, idle)
    })
    return rule.load(cpus)
  }
  return { tree, rule, load }
}

describe('load', () => {
  test('is the busy share in whole percent, of the busiest processor', () => {
    const { load } = ruled([0, 1])
    expect(load([1, 2], [2, 1])).toBe(66)
    expect(load([1, 0], [0, 1])).toBe(100)
    expect(load([0, 1], [0, 1])).toBe(0)
  })

  test('stays while time stands still', () => {
    const { load } = ruled([0])
    expect([load([1, 1]), load([0, 0]), load([0, 1])]).toEqual([50, 50, 0])
  })

  test('after a long rest is once what it was before', () => {
    const { load } = ruled([0])
    expect([load([1, 0]), load([0, 3]), load([0, 3]), load([1, 1])]).toEqual([100, 100, 0, 50])
  })
})

test.each([
  [100, 3_000_000],
  [96, 3_000_000],
  [95, 3_000_000],
  [80, 2_400_000],
  [50, 1_800_000],
  [5, 800_000],
  [0, 800_000],
])('a load of %i percent asks for %i kHz', (percent, frequency) => {
  const { tree, rule } = ruled([0])
  expect(rule.apply(percent)).toEqual({ frequency, refused: undefined })
  expect(tree.policies[0]!.current).toBe(frequency)
})

test('the proportion is one of what the hardware has, the result within the limits', () => {
  const { tree, rule } = ruled([0])
  Object.assign(tree.policies[0]!, { min: 1_200_000, max: 2_400_000 })
  expect([100, 70, 0].map((load) => rule.apply(load).frequency)).toEqual([2_400_000, 2_400_000, 1_200_000])
})
