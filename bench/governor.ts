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
import { type Figure, renderFigures } from './figures.ts'

const SCRIPTS = ['throttle.lua', 'ondemand.lua']

/** The period that a call's share is of, in nanoseconds. */
const PERIOD = 20e6

/**
 * Stand-ins for the libraries, in Lua, as short as may be: a processor that works and rests in turns, whose frequency
 * follows. What they take themselves is measured as well.
 */
const STAND_INS = `
local busy, idle, work, rest, set = 0, 0, 9000000, 1000000, 0
cpu = { times = function()
  busy, idle = busy + work, idle + rest
  return busy, 0, 0, idle, 0, 0, 0, 0
end }
acpi = { get_temp = function() return 50 end }
local policy = { cpus = {0}, cpuinfo_min = 800000, cpuinfo_max = 3000000,
  frequencies = {800000, 1200000, 1800000, 2400000, 3000000} }
cpufreq = { target = function(_, frequency) set = frequency return frequency end, policy = function() return policy end }
function calls(n, f)
  for i = 1, n, 100 do
    work, rest = rest, work
    for i = 1, 100 do f(0, 1800000, 3000000, 800000) end
  end
end
`

/** What a call of a script asks of the libraries, and nothing else. */
const LIBRARY_CALLS: Readonly<Record<string, string>> = {
  'throttle.lua': 'cpu.times(n) local t = acpi.get_temp(n) cpufreq.target(n, cur * 80 // 100, "<=")',
  'ondemand.lua': 'cpu.times(n) cpufreq.target(n, cur, "<=")',
}

/** Functions that call the script's, and what stands for it, so many times. */
const timed = (name: string): string => `
function calls_script(n) calls(n, throttle) end
function calls_libraries(n)
  calls(n, function(n, cur, max, min) local user, nice, system, idle, iowait, irq, softirq, steal = ${LIBRARY_CALLS[name]} end)
end
`

const root = findRoot(dirname(fileURLToPath(import.meta.url)))

/** The checkout; this file runs from dist/bench. */
function findRoot(folder: string): string {
  return folder.endsWith('dist') ? dirname(folder) : findRoot(dirname(folder))
}

const scriptText = (name: string): string => readFileSync(join(root, 'examples', name), 'utf8')

interface CallTimes {
  /** Nanoseconds of a call of the script, with the stand-ins that it calls. */
  readonly whole: number
  /** Nanoseconds of the stand-ins, called from an empty script. */
  readonly libraries: number
}

const CALLS = 100_000
const ROUNDS = 20

/** Calls within the VM; of each the fastest round, since a busy machine only adds. The two take turns. */
async function inVm(engine: 'user' | 'kernel', script: string): Promise<CallTimes> {
  using state = await State.create({ engine })
  state.loadSync(STAND_INS + scriptText(script) + timed(script), { name: script })
  const time = async (loop: string) =>
    ((await processorTime(() => void state.callSync(loop, CALLS))) * 1e6) / CALLS
  let [whole, libraries] = [Infinity, Infinity]
  for (let i = 0; i < ROUNDS; i++) {
    whole = Math.min(whole, await time('calls_script'))
    libraries = Math.min(libraries, await time('calls_libraries'))
  }
  return { whole, libraries }
}

/** The same in lua5.4; undefined where there is none. */
function inLua(script: string): CallTimes | undefined {
  const timing = `
    local function time(loop) local start = os.clock() loop(${CALLS}) return (os.clock() - start) * 1e9 / ${CALLS} end
    local whole, libraries = math.huge, math.huge
    for i = 1, ${ROUNDS} do
      whole, libraries = math.min(whole, time(calls_script)), math.min(libraries, time(calls_libraries))
    end
    print(whole, libraries)`
  const { stdout, error } = spawnSync('lua5.4', ['-'], {
    input: `${STAND_INS}${scriptText(script)}${timed(script)}${timing}`,
    encoding: 'utf8',
  })
  if (error !== undefined) return undefined
  const [whole = Number.NaN, libraries = Number.NaN] = stdout.split('\t').map(Number)
  return { whole, libraries }
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

const callFigures = (name: string, { whole, libraries }: CallTimes): Figure[] => [
  { name: `${name}: a call, with its libraries in Lua`, unit: 'ns', value: whole },
  { name: `${name}: those libraries alone`, unit: 'ns', value: libraries },
  { name: `${name}: the call without them`, unit: 'ns', value: whole - libraries },
]

async function engineFigures(engine: 'user' | 'kernel', script: string): Promise<Figure[]> {
  const name = `${script}, ${engine === 'user' ? 'user space' : 'kernel'}`
  const vm = await inVm(engine, script)
  const { average, p50, p99 } = await withFiles(engine, script)
  return [
    ...callFigures(name, vm),
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
  if (lua !== undefined) figures.push(...callFigures(`${script}, lua5.4`, lua))
}
for (const path of [...SCRIPTS.map((script) => `examples/${script}`), 'src/cpufreq/libraries.ts'])
  figures.push({ name: `lines of ${path}`, unit: '', value: lines(path) })
process.stdout.write(renderFigures(figures, process.argv.includes('--markdown')))
