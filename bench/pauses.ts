/**
 * How long the collector keeps a call waiting: a state of 1 MiB that is more than half full, and a short call that
 * makes garbage, as a hook does for each packet. The same calls are made several times in states that are alike, and
 * of each call the shortest time counts, so that what the machine does besides is left out.
 */
import { State } from '../src/state/state.ts'
import type { Figure } from './figures.ts'

const MEMORY = 1 << 20
const CALLS = 15_000
const REPETITIONS = 5

/** What lives while the calls are made. */
const HEAPS: Readonly<Record<string, string>> = {
  objects: "live = {} for i = 1, 2500 do live[i] = {id = i, name = 'n' .. i, next = live[i - 1]} end",
  'a large table': "live = {} for i = 1, 8000 do live['key' .. i] = i end",
  coroutines: `live = {} for i = 1, 600 do
    live[i] = coroutine.create(function(a) coroutine.yield() return a end)
    coroutine.resume(live[i], i)
  end`,
  'weak tables': `live, keys, values = {}, setmetatable({}, {__mode = 'k'}), setmetatable({}, {__mode = 'v'})
  for i = 1, 2500 do local k = {i} live[i] = k keys[k] = {k} values[i] = k end`,
}

const CALL = `
local n = 0
function call()
  n = n + 1
  local t = {n, 'x' .. n % 1000}
  local u = {a = t, b = {}}
  if n % 7 == 0 then u.c = ('y'):rep(n % 100) end
  return u.b
end`

/** Microseconds of processor time of each call. */
async function callTimes(engine: 'user' | 'kernel', heap: string): Promise<number[]> {
  using state = await State.create({ engine, memory: MEMORY, fuel: 1e9, seed: 1 })
  state.loadSync(heap + CALL, { name: 'pauses' })
  return Array.from({ length: CALLS }, () => {
    const before = process.cpuUsage()
    state.callSync('call')
    const { user, system } = process.cpuUsage(before)
    return user + system
  })
}

/** The longest call, and that which one in a hundred exceeds, for each heap. */
export async function pauseFigures(engine: 'user' | 'kernel'): Promise<Figure[]> {
  const prefix = engine === 'kernel' ? 'kernel: ' : ''
  const figures: Figure[] = []
  for (const [name, heap] of Object.entries(HEAPS)) {
    const least = new Array<number>(CALLS).fill(Number.POSITIVE_INFINITY)
    for (let i = 0; i < REPETITIONS; i++)
      for (const [call, time] of (await callTimes(engine, heap)).entries())
        if (time < (least[call] as number)) least[call] = time
    // the first calls find a machine that has not warmed up
    const sorted = least.slice(CALLS / 100).sort((a, b) => a - b)
    const percentile = sorted[Math.floor(sorted.length * 0.99)] as number
    figures.push(
      {
        name: `${prefix}longest call while a state of 1 MiB is collected, ${name}`,
        unit: 'µs',
        value: sorted.at(-1) as number,
      },
      { name: `${prefix}the same, 99 of 100 calls take no more than`, unit: 'µs', value: percentile },
    )
  }
  return figures
}
