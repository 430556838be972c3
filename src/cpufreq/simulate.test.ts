import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { State } from '../state/state.ts'
import { registerCpuLibraries } from './libraries.ts'
import { type LoadTrace, parseLoadTrace } from './load-trace.ts'
import type { Policy } from './machine.ts'
import { OndemandRule } from './ondemand-rule.ts'
import { DESKTOP_CORE } from './processor-model.ts'
import { ScriptCalls } from './script-calls.ts'
import { SimulatedMachine, simulate } from './simulate.ts'
import { plotSimulations } from './simulation-plot.ts'
import { summarize } from './simulation-summary.ts'
import { Throttle } from './throttle.ts'

const examples = join(import.meta.dirname, '../../examples')
const options = { period: 20, samples: 100 }
const frequencies = DESKTOP_CORE.steps.map(({ frequency }) => frequency)

/** A trace of one processor with these loads, each for a second. */
function seconds(...loads: number[]): LoadTrace {
  return parseLoadTrace(`ms,cpu0\n${loads.map((load, i) => `${i * 1000},${load}\n`).join('')}`, 'test')
}

/** Simulates a frequency that never changes. */
function at(frequency: number, trace: LoadTrace) {
  const machine = new SimulatedMachine(trace.cpus)
  for (const processor of machine.processors) processor.set(frequency)
  const result = simulate(machine, trace, () => {}, options)
  return { ...result, summary: summarize('fixed', result, trace.duration, { calls: 0, errors: 0 }) }
}

describe('the model', () => {
  test('work takes as long as the frequency says', () => {
    const trace = seconds(50, 50)
    expect(at(3_800_000, trace).summary.delay!.average).toBeCloseTo(0.5, 2)
    expect(at(2_000_000, trace).summary.delay!.average).toBeCloseTo(0.95, 2)
    expect(at(2_000_000, trace).samples.at(-1)!.load).toBeCloseTo(95)
  })

  test('work that comes faster than it is done waits', () => {
    // 0.6 s of work at the highest frequency take 1.5 s at 40 percent of it
    const { summary, samples } = at(1_400_000, seconds(60, 0, 0))
    expect(summary.delay!.p99).toBeGreaterThan(500)
    expect(samples.filter(({ load }) => load > 99).length / samples.length).toBeCloseTo(
      (0.6 * 3.8) / 1.4 / 3,
      1,
    )
    expect(samples.at(-1)!.load).toBe(0)
  })

  test('energy is power over time', () => {
    const { rest, leakage, capacitance, steps } = DESKTOP_CORE
    expect(at(800_000, seconds(0, 0)).summary.energy).toBeCloseTo(2 * rest)
    const { volts } = steps.at(-1)!
    const full = leakage * volts + capacitance * volts ** 2 * 3.8e9
    expect(at(3_800_000, seconds(100, 100)).summary.energy).toBeCloseTo(2 * full, 1)
  })

  test('it gets as warm as the power says, and then lowers its limit itself', () => {
    const hot = at(3_800_000, seconds(...Array(90).fill(100)))
    expect(hot.summary.hottest).toBeGreaterThan(94.9)
    expect(hot.summary.hottest).toBeLessThan(96)
    expect(hot.summary.throttled).toBeGreaterThan(1)
    const cool = at(2_000_000, seconds(...Array(90).fill(50)))
    expect(cool.summary.throttled).toBe(0)
    const watts = cool.summary.energy / 90
    expect(cool.samples.at(-1)!.temperature).toBeCloseTo(25 + 5 * watts, 0)
  })

  test('time at each frequency adds up', () => {
    const machine = new SimulatedMachine(1)
    const [processor] = machine.processors
    const trace = seconds(10, 10)
    const result = simulate(
      machine,
      trace,
      () => processor!.set(frequencies[machine.times(0)!.idle > 5e8 ? 5 : 0]!),
      options,
    )
    const { residency } = summarize('x', result, trace.duration, { calls: 0, errors: 0 })
    expect(residency.reduce((sum, { percent }) => sum + percent, 0)).toBeCloseTo(100)
    expect(residency[0]!.percent).toBeGreaterThan(40)
    expect(residency[5]!.percent).toBeGreaterThan(40)
  })
})

type Decision = [time: number, policy: string, frequency: number]

/** What a governor decides over a trace. */
function decisions(
  trace: LoadTrace,
  decider: (machine: SimulatedMachine) => (policy: Policy) => void,
): Decision[] {
  const machine = new SimulatedMachine(trace.cpus)
  const decide = decider(machine)
  const all: Decision[] = []
  simulate(
    machine,
    trace,
    (policy) => {
      decide(policy)
      all.push([
        machine.processors[0]!.figures.residency.reduce((a, b) => a + b),
        policy.name,
        policy.current()!,
      ])
    },
    options,
  )
  return all
}

const script = (name: string) => (machine: SimulatedMachine) => {
  const state = new State({ fuel: 100_000 })
  registerCpuLibraries(state, machine)
  state.loadSync(readFileSync(join(examples, name)), { name })
  const log = (text: string) => expect.fail(text)
  const calls = new ScriptCalls(state, 'throttle', log)
  const throttle = new Throttle(machine, options.period * 1e6, (...args) => calls.call(...args))
  return (policy: Policy) => void throttle.run(policy)
}

const rule = (machine: SimulatedMachine) => {
  const rules = new Map(
    machine
      .policies()
      .map((policy) => [policy as Policy, new OndemandRule(machine, policy, options.period * 1e6)]),
  )
  return (policy: Policy) => {
    const own = rules.get(policy)!
    own.apply(own.load(policy.cpus()))
  }
}

const TRACES = ['synthetic-desktop.csv', 'synthetic-heat.csv', 'synthetic-server.csv']

describe.each(TRACES)('%s', (name) => {
  const trace = parseLoadTrace(readFileSync(join(examples, 'traces', name), 'utf8'), name)

  test("ondemand.lua decides what the kernel's ondemand decides", () => {
    const expected = decisions(trace, rule)
    expect(new Set(expected.map(([, , frequency]) => frequency)).size).toBeGreaterThan(2)
    expect(decisions(trace, script('ondemand.lua'))).toEqual(expected)
  })

  test.each(['throttle.lua', 'conservative.lua', 'schedutil.lua'])(
    '%s uses the range, without errors',
    (file) => {
      const seen = new Set(decisions(trace, script(file)).map(([, , frequency]) => frequency))
      expect(seen).toContain(frequencies[0])
      expect(seen).toContain(frequencies.at(-1))
    },
  )
})

test('the plot has a line for each governor in each panel, and names', async () => {
  const { samples } = at(2_000_000, seconds(10, 90))
  const svg = await plotSimulations('a <title>', [
    { governor: 'one', samples },
    { governor: 'two', samples },
  ])
  expect(svg).toMatch(/^<svg [\s\S]*<\/svg>\n$/)
  expect(svg.match(/class="mark-line /g)).toHaveLength(6)
  for (const text of [
    'a &lt;title&gt;',
    'one',
    'two',
    'frequency, GHz',
    'load, %',
    'temperature, °C',
    'time, s',
  ])
    expect(svg).toContain(`>${text}</text>`)
})
