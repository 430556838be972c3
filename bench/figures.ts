/**
 * Figures of the host interface, beside the Lua benchmarks: calls from TypeScript, new states, start-up,
 * and the packet filter over its capture looped to a million packets.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { KernelHook } from '../src/hook/subsystem.ts'
import { PacketHook } from '../src/named/packet-hook.ts'
import { readCapture } from '../src/packet/capture-file.ts'
import { runFilter } from '../src/packet/filter.ts'
import { State } from '../src/state/state.ts'
import { findHook } from '../src/subsystems/find.ts'
import { processorTime } from './engine.ts'
import { median } from './statistics.ts'

export interface Figure {
  readonly name: string
  readonly unit: string
  /** Median over the rounds. */
  readonly value: number
}

export const ROUNDS = 7

/** Median over rounds of the processor time of `n` repetitions, per repetition, in nanoseconds. */
export async function perRepetition(n: number, repeat: (n: number) => void): Promise<number> {
  repeat(n)
  const times: number[] = []
  for (let i = 0; i < ROUNDS; i++) times.push((await processorTime(() => repeat(n))) * (1e6 / n))
  return median(times)
}

async function calls(): Promise<Figure[]> {
  const state = new State()
  state.register('host', { answer: () => 42 })
  state.loadSync('function identity(x) return x end function ask() return host.answer() end', {
    name: 'calls',
  })
  const call = await perRepetition(300_000, (n) => {
    for (let i = 0; i < n; i++) state.callSync('identity', i)
  })
  const binding = await perRepetition(100_000, (n) => {
    for (let i = 0; i < n; i++) state.callSync('ask')
  })
  state.loadSync('function nothing() end')
  const nothing = await perRepetition(300_000, (n) => {
    for (let i = 0; i < n; i++) state.callSync('nothing')
  })
  const block = new Uint8Array(255)
  const lent = await perRepetition(100_000, (n) => {
    for (let i = 0; i < n; i++) state.callSync('identity', true, block)
  })
  return [
    { name: '`callSync` of an empty function', unit: 'ns', value: nothing },
    { name: '`callSync` of a function that returns its argument', unit: 'ns', value: call },
    { name: 'the same, lending a block of 255 bytes', unit: 'ns', value: lent },
    { name: '`callSync` of a function that calls a binding', unit: 'ns', value: binding },
    { name: 'an instruction of the VM', unit: 'ns', value: await perInstruction(state) },
  ]
}

async function states(): Promise<Figure[]> {
  const made = await perRepetition(100, (n) => {
    for (let i = 0; i < n; i++) new State().close()
  })
  return [
    { name: 'new state with all libraries', unit: 'µs', value: made / 1000 },
    { name: 'memory that it uses', unit: 'KiB', value: new State().memory.used / 1024 },
  ]
}

/** Median of the wall-clock time of whole processes of node, in milliseconds. */
export function processTime(args: readonly string[], rounds: number = ROUNDS): number {
  const times: number[] = []
  for (let i = 0; i < rounds; i++) {
    const start = performance.now()
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
    if (status !== 0) throw new Error(`Cannot measure ${args.join(' ')}: ${stderr}`)
    times.push(performance.now() - start)
  }
  return median(times)
}

/** The name of a new file without content, which goes when this process ends. */
export function emptyScript(): string {
  const file = join(tmpdir(), `moonring-empty-${process.pid}.lua`)
  writeFileSync(file, '')
  process.once('exit', () => rmSync(file, { force: true }))
  return file
}

/** Nanoseconds of an instruction of the VM, on average over a loop with arithmetic, a table and calls. */
export async function perInstruction(state: State): Promise<number> {
  state.loadSync(
    `local function f(x) return x end
     function loop(n) local t, s = {}, 0 for i = 1, n do t[i & 63] = s s = f(s + i % 7) end return s end`,
    { name: 'loop' },
  )
  state.callSync('loop', 1)
  const start = state.fuelUsed
  const n = 200_000
  const time = await perRepetition(n, () => state.callSync('loop', n))
  return (time * n) / (state.fuelUsed - start)
}

function startUp(root: string): Figure[] {
  return [
    {
      name: '`moonring run` of an empty script',
      unit: 'ms',
      value: processTime([join(root, 'bin/moonring'), 'run', emptyScript()], ROUNDS * 2),
    },
    { name: 'node itself, for comparison', unit: 'ms', value: processTime(['-e', '0'], ROUNDS * 2) },
  ]
}

/** The shipped filter over the shipped capture, a million packets in all, after a warm-up. */
async function filter(root: string): Promise<Figure[]> {
  const capture = readCapture(join(root, 'examples/captures/ssh.pcap'))
  const { hook, subsystem } = findHook('netfilter/local-in')
  const judge = new PacketHook({ hook: hook as KernelHook, subsystem })
  judge.state.loadSync(readFileSync(join(root, 'examples/ssh-filter.lua')), { name: 'ssh-filter.lua' })
  const once = runFilter(capture, judge, { loop: 20 }).packets / 20
  const loop = Math.ceil(1e6 / once)
  const ms = await processorTime(() => {
    runFilter(capture, judge, { loop })
  })
  return [
    { name: 'SSH filter over a million packets', unit: 'packets/s', value: (once * loop) / (ms / 1000) },
  ]
}

/** All figures; `root` is the checkout. */
export async function hostFigures(root: string): Promise<Figure[]> {
  return [...(await calls()), ...(await states()), ...startUp(root), ...(await filter(root))]
}

const shown = ({ value }: Figure): string =>
  value >= 1000 ? Math.round(value).toLocaleString('en') : value >= 100 ? value.toFixed(0) : value.toFixed(1)

/** The figures as aligned lines or as a Markdown table. */
export function renderFigures(figures: readonly Figure[], markdown: boolean): string {
  if (markdown)
    return `| figure | median |\n| --- | --: |\n${figures.map((f) => `| ${f.name} | ${`${shown(f)} ${f.unit}`.trimEnd()} |`).join('\n')}\n`
  const width = Math.max(...figures.map(({ name }) => name.length))
  return figures
    .map((f) => `${f.name.padEnd(width)}  ${`${shown(f).padStart(10)} ${f.unit}`.trimEnd()}\n`)
    .join('')
}
