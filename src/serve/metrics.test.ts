import { expect, test } from 'vitest'
import { defineSubsystem, type HookCall } from '../hook/subsystem.ts'
import type { StateDescription } from '../named/description.ts'
import { UserStates } from '../named/user-states.ts'
import { openMetrics } from './metrics.ts'
import { parseAddress } from './metrics-endpoint.ts'

const calls: HookCall[] = []
const bell = defineSubsystem({
  name: 'bell',
  summary: 'rings',
  hooks: [
    {
      where: 'user',
      name: 'bell',
      summary: 'ring(n)',
      function: 'ring',
      verdicts: { named: { ok: 1 }, onNil: 'ok', onFailure: 'ok' },
      attach: (call) => {
        calls.push(call)
        return { detach() {}, figures: () => ({ volume: 11, unit: 'dB' }) }
      },
    },
  ],
  libraries: [],
})

/** Values by name and labels. */
function samples(text: string): Map<string, number> {
  const lines = text.trimEnd().split('\n')
  expect(lines.pop()).toBe('# EOF')
  return new Map(
    lines
      .filter((line) => !line.startsWith('# '))
      .map((line) => {
        const [, key = '', value] = /^(\w+(?:\{.*\})?) (\S+)$/.exec(line) ?? []
        return [key, Number(value)]
      }),
  )
}

test('figures of hooks, with attachments of the same hook together', async () => {
  const states = new UserStates({ subsystems: [bell] })
  const state = await states.create('a"b'.replace('"', '_'), {})
  await state.load({ name: 'x', text: 'function ring(n) if n == 0 then error(0) end end' }, () => {})
  await state.attach('bell', { target: 'to "the" \\ left' })
  await state.attach('bell', { target: 'to "the" \\ left' })
  await calls[0]?.(0)
  await calls[0]?.(1)
  await calls[1]?.(2)
  const [description] = await states.list()
  const { type, text } = await openMetrics([description as StateDescription])
  expect(type).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8')
  const found = samples(text)
  const hook = String.raw`state="a_b",engine="user",hook="bell",target="to \"the\" \\ left"`
  expect(found.get(`moonring_hook_calls_total{${hook}}`)).toBe(3)
  expect(found.get(`moonring_hook_errors_total{${hook}}`)).toBe(1)
  expect(found.get(`moonring_hook_fallbacks_total{${hook},cause="error"}`)).toBe(1)
  expect(found.get(`moonring_hook_fallbacks_total{${hook},cause="contended"}`)).toBe(0)
  expect(found.get(`moonring_hook_figure{${hook},figure="volume"}`)).toBe(22)
  for (const name of ['time_seconds', 'fuel']) {
    expect(found.get(`moonring_hook_${name}_count{${hook}}`)).toBe(3)
    expect(found.get(`moonring_hook_${name}_bucket{${hook},le="+Inf"}`)).toBe(3)
    const buckets = [...found].filter(([key]) => key.startsWith(`moonring_hook_${name}_bucket`))
    const bounds = buckets.map(([key]) => Number(/le="(.*)"/.exec(key)?.[1]?.replace('+Inf', 'Infinity')))
    expect(bounds).toEqual([...bounds].sort((a, b) => a - b))
    const counts = buckets.map(([, value]) => value)
    expect(counts).toEqual([...counts].sort((a, b) => a - b))
  }
  const sums = description?.hooks.map(({ sums }) => sums) ?? []
  const fuel = sums.reduce((sum, { fuel }) => sum + fuel, 0)
  expect(found.get(`moonring_hook_fuel_sum{${hook}}`)).toBe(fuel)
  const time = sums.reduce((sum, { time }) => sum + time, 0)
  expect(found.get(`moonring_hook_time_seconds_sum{${hook}}`)).toBeCloseTo(time / 1e9, 12)
  const { memory } = description as StateDescription
  expect(found.get('moonring_state_memory_used_bytes{state="a_b",engine="user"}')).toBe(memory.used)
})

test('buckets count what is at most their bound', async () => {
  const states = new UserStates({ subsystems: [bell] })
  const state = await states.create('x', {})
  await state.attach('bell', { later: true })
  const [description] = await states.list()
  const [hook] = (description as StateDescription).hooks
  // one call each with 15, 16 and 4096 instructions: buckets of src/named/histogram.ts
  const fuels = (hook?.fuels ?? []).map((_, bucket) => ([11, 12, 44].includes(bucket) ? 1 : 0))
  const changed = { ...description, hooks: [{ ...hook, fuels }] } as StateDescription
  const { text } = await openMetrics([changed])
  const at = (le: string) =>
    samples(text).get(`moonring_hook_fuel_bucket{state="x",engine="user",hook="bell",target="",le="${le}"}`)
  expect([at('15'), at('31'), at('4095'), at('8191'), at('+Inf')]).toEqual([1, 2, 2, 3, 3])
})

test('a state that cannot be used is told with its status alone', async () => {
  const states = new UserStates()
  await states.create('x')
  const [description] = (await states.list()) as [StateDescription]
  const { text } = await openMetrics([{ ...description, status: 'incompatible', replicas: 0 }])
  expect([...samples(text).keys()]).toEqual([
    'moonring_state_status{state="x",engine="user",status="incompatible",version="0.1.0"}',
  ])
})

test('addresses', () => {
  expect(parseAddress('9464')).toEqual({ host: '127.0.0.1', port: 9464 })
  expect(parseAddress('0.0.0.0:80')).toEqual({ host: '0.0.0.0', port: 80 })
  expect(parseAddress('[::1]:0')).toEqual({ host: '::1', port: 0 })
  for (const wrong of ['', ':1', 'a:', '::1:80', '1.2.3.4', '127.0.0.1:65536'])
    expect(() => parseAddress(wrong)).toThrow(`Cannot listen at '${wrong}'`)
})
