/**
 * `npm run bench:governor`: what a call of a frequency governor takes. In the VM alone, with bindings written in Lua; with
 * the real bindings over a tree of files in memory (tmpfs in place of sysfs, and this machine's /proc/stat); and in
 * lua5.4, with the same script. Also how long scripts and binding are. docs/cpufreq.md has the results.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { FolderFiles } from '../src/cpufreq/files.ts'
import { registerCpuLibraries } from '../src/cpufreq/libraries.ts'
import { LinuxMachine } from '../src/cpufreq/linux-machine.ts'
import { ScriptCalls } from '../src/cpufreq/script-calls.ts'
import { Throttle } from '../src/cpufreq/throttle.ts'
import { State } from '../src/state/state.ts'
import { processorTime } from './engine.ts'
import { type Figure, perRepetition, renderFigures } from './figures.ts'

const SCRIPTS = ['throttle.lua', 'ondemand.lua']

/** The period that a call's share is of, in nanoseconds. */
const PERIOD = 20e6

/** The libraries in Lua: a processor that works for 100 calls and rests for 100. */
const STUBS = `
local busy, idle, n, set = 0, 0, 0, 0
cpu = { times = function()
  n = n + 1
  if n % 200 < 100 then busy = busy + 9000000 idle = idle + 1000000
  else busy = busy + 1000000 idle = idle + 9000000 end
  return busy, 0, 0, idle, 0, 0, 0, 0
end }
acpi = { get_temp = function() return 50 end }
local policy = { cpus = {0}, cpuinfo_min = 800000, cpuinfo_max = 3000000,
  frequencies = {800000, 1200000, 1800000, 2400000, 3000000} }
cpufreq = { target = function(_, frequency) set = frequency return frequency end, policy = function() return policy end }
`

const PER_CALL = `
function calls(n) local throttle = throttle for i = 1, n do throttle(0, 1800000, 3000000, 800000) end end
`

const root = findRoot(dirname(fileURLToPath(import.meta.url)))

/** The checkout; this file runs from dist/bench. */
function findRoot(folder: string): string {
  return folder.endsWith('dist') ? dirname(folder) : findRoot(dirname(folder))
}

const scriptText = (name: string): string => readFileSync(join(root, 'examples', name), 'utf8')

/** Nanoseconds of a call within the VM: the loop around it costs little. */
async function inVm(engine: 'user' | 'kernel', script: string): Promise<number> {
  using state = await State.create({ engine })
  state.loadSync(STUBS + PER_CALL + scriptText(script), { name: script })
  return await perRepetition(100_000, (n) => void state.callSync('calls', n))
}

/** The same in lua5.4; undefined where there is none. */
function inLua(script: string): number | undefined {
  const rounds = 1_000_000
  const timing = `local start = os.clock() calls(${rounds}) print((os.clock() - start) * 1e9 / ${rounds})`
  const { stdout, error } = spawnSync('lua5.4', ['-'], {
    input: `${STUBS}${PER_CALL}${scriptText(script)}\n${timing}`,
    encoding: 'utf8',
  })
  return error === undefined ? Number(stdout) : undefined
}

/** A tree with the files of one policy and of a thermal zone. */
function makeTree(): string {
  const tree = mkdtempSync('/dev/shm/moonring-bench-')
  const policy = join(tree, 'sys/devices/system/cpu/cpufreq/policy0')
  const zone = join(tree, 'sys/class/thermal/thermal_zone0')
  for (const folder of [policy, zone]) mkdirSync(folder, { recursive: true })
  symlinkSync('/proc', join(tree, 'proc'))
  const files = {
    affected_cpus: '0',
    related_cpus: '0',
    cpuinfo_min_freq: '800000',
    cpuinfo_max_freq: '3000000',
    cpuinfo_transition_latency: '50000',
    scaling_available_frequencies: '3000000 2400000 1800000 1200000 800000 ',
    scaling_driver: 'acpi-cpufreq',
    scaling_governor: 'userspace',
    scaling_min_freq: '800000',
    scaling_max_freq: '3000000',
    scaling_setspeed: '1800000',
  }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(policy, name), `${text}\n`)
  writeFileSync(join(zone, 'type'), 'acpitz\n')
  writeFileSync(join(zone, 'temp'), '50000\n')
  return tree
}

interface PeriodTimes {
  /** Nanoseconds of processor time. */
  readonly average: number
  /** Nanoseconds by the clock. */
  readonly p50: number
  readonly p99: number
}

const PERIODS = 10_000

/** Whole periods of the hook, the files read anew in each. */
async function withFiles(engine: 'user' | 'kernel', script: string): Promise<PeriodTimes> {
  const tree = makeTree()
  const files = new FolderFiles(tree)
  try {
    const machine = new LinuxMachine(files)
    using state = await State.create({ engine })
    registerCpuLibraries(state, machine)
    state.loadSync(scriptText(script), { name: script })
    const log = (text: string) => {
      throw new Error(text)
    }
    const calls = new ScriptCalls(state, 'throttle', log)
    const throttle = new Throttle(machine, PERIOD, (...args) => calls.call(...args))
    const [policy] = machine.policies()
    const times: number[] = []
    const run = (n: number) => {
      for (let i = 0; i < n; i++) {
        const start = performance.now()
        machine.beginPeriod()
        throttle.run(policy!)
        machine.endPeriod()
        times.push((performance.now() - start) * 1e6)
      }
    }
    run(PERIODS)
    times.length = 0
    const average = ((await processorTime(() => run(PERIODS))) * 1e6) / PERIODS
    times.sort((a, b) => a - b)
    return { average, p50: times[PERIODS / 2]!, p99: times[Math.floor(0.99 * PERIODS)]! }
  } finally {
    files.close()
    rmSync(tree, { recursive: true })
  }
}

/** Lines of code: without empty ones and comments. */
function lines(path: string): number {
  const text = readFileSync(join(root, path), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '')
  return text.split('\n').filter((line) => !/^\s*(\/\/.*|--.*)?$/.test(line)).length
}

async function engineFigures(engine: 'user' | 'kernel', script: string): Promise<Figure[]> {
  const name = `${script}, ${engine === 'user' ? 'user space' : 'kernel'}`
  const vm = await inVm(engine, script)
  const { average, p50, p99 } = await withFiles(engine, script)
  return [
    { name: `${name}: a call in the VM alone`, unit: 'ns', value: vm },
    { name: `${name}: a period with its files, average`, unit: 'µs', value: average / 1000 },
    { name: `${name}: a period with its files, half within`, unit: 'µs', value: p50 / 1000 },
    { name: `${name}: a period with its files, 99 of 100 within`, unit: 'µs', value: p99 / 1000 },
    { name: `${name}: share of a period of 20 ms`, unit: '%', value: (100 * average) / PERIOD },
  ]
}

const figures: Figure[] = []
for (const script of SCRIPTS) {
  for (const engine of ['user', 'kernel'] as const) {
    try {
      figures.push(...(await engineFigures(engine, script)))
    } catch (error) {
      process.stderr.write(`${script}, ${engine}: ${(error as Error).message}\n`)
    }
  }
  const lua = inLua(script)
  if (lua !== undefined) figures.push({ name: `${script}, lua5.4: a call`, unit: 'ns', value: lua })
}
for (const path of [...SCRIPTS.map((script) => `examples/${script}`), 'src/cpufreq/libraries.ts'])
  figures.push({ name: `lines of ${path}`, unit: '', value: lines(path) })
process.stdout.write(renderFigures(figures, process.argv.includes('--markdown')))
