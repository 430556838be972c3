import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterAll, describe, expect, test } from 'vitest'
import { State } from '../state/state.ts'
import { type GovernorOptions, governCpuFrequency } from './governor.ts'
import { registerCpuLibraries } from './libraries.ts'
import { LinuxMachine } from './linux-machine.ts'
import type { Clock } from './periods.ts'
import { SysfsTree } from './sysfs-tree.fixture.ts'

const folder = mkdtempSync(join(tmpdir(), 'moonring-governor-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A clock that stands still until it is told. */
class ManualClock implements Clock {
  time = 0
  #due: { at: number; action: () => void } | undefined
  now = () => this.time
  after = (milliseconds: number, action: () => void) => {
    this.#due = { at: this.time + milliseconds, action }
    return () => {
      this.#due = undefined
    }
  }
  /** Goes on to a time; what is due on the way happens when it is due. */
  goTo(time: number): void {
    while (this.#due !== undefined && this.#due.at <= time) {
      const { at, action } = this.#due
      this.#due = undefined
      this.time = Math.max(this.time, at)
      action()
    }
    this.time = Math.max(this.time, time)
  }
}

interface Scene {
  readonly tree: SysfsTree
  readonly clock: ManualClock
  readonly state: State
  readonly log: string[]
  readonly stateFile: string
  start(options?: Partial<GovernorOptions>): ReturnType<typeof governCpuFrequency>
}

let scenes = 0

function scene(script: string, tree = new SysfsTree()): Scene {
  const clock = new ManualClock()
  const log: string[] = []
  const state = new State({ fuel: 100_000 })
  const machine = new LinuxMachine(tree)
  registerCpuLibraries(state, machine)
  state.loadSync(script, { name: 'script' })
  const stateFile = join(folder, `${scenes++}`, 'cpufreq.json')
  const options = { machine, pid: 42, stateFile, clock, log: (text: string) => log.push(text) }
  const start = (more = {}) => governCpuFrequency(state, 'throttle', { ...options, ...more })
  return { tree, clock, state, log, stateFile, start }
}

const file = (name: string) => readFileSync(join(import.meta.dirname, '../../examples', name), 'utf8')
const RECORD = 'seen = {} function throttle(...) seen[#seen + 1] = {...} end'

describe('taking over and giving back', () => {
  test('policies get the governor userspace, and what they had on detach', () => {
    const { tree, start, stateFile } = scene(RECORD)
    tree.policies[1]!.governor = 'performance'
    const governor = start()
    expect(tree.policies.map(({ governor: name }) => name)).toEqual(['userspace', 'userspace'])
    expect(JSON.parse(readFileSync(stateFile, 'utf8'))).toMatchObject({ pid: 42, started: '777' })
    Object.assign(tree.policies[0]!, { min: 1_200_000, max: 1_800_000 })
    expect(governor.detach()).toEqual([])
    expect(tree.policies).toMatchObject([
      { governor: 'schedutil', min: 800_000, max: 3_000_000 },
      { governor: 'performance' },
    ])
    expect(existsSync(stateFile)).toBe(false)
    expect(governor.detach()).toEqual([])
  })

  test('what a process that was killed has left is given back at the next start', () => {
    const first = scene(RECORD)
    first.start()
    const left = readFileSync(first.stateFile)
    // its number belongs to another process now
    first.tree.files.set('proc/42/stat', first.tree.files.get('proc/42/stat')!.replace('777', '888'))
    const second = scene(RECORD, first.tree)
    second.start({ stateFile: first.stateFile }).detach()
    expect(first.tree.policies.map(({ governor }) => governor)).toEqual(['schedutil', 'schedutil'])
    expect(left.toString()).toContain('schedutil')
  })

  test('limits that are given back at the start, and not in effect yet, are found again at the end', () => {
    const first = scene(RECORD)
    Object.assign(first.tree.policies[0]!, { min: 1_200_000, max: 2_400_000 })
    first.start()
    first.tree.files.set('proc/42/stat', first.tree.files.get('proc/42/stat')!.replace('777', '888'))
    Object.assign(first.tree.policies[0]!, { min: 800_000, max: 3_000_000 })
    first.tree.staleLimits = { min: 800_000, max: 3_000_000 }
    const governor = scene(RECORD, first.tree).start({ stateFile: first.stateFile })
    first.tree.staleLimits = undefined
    expect(governor.detach()).toEqual([])
    expect(first.tree.policies[0]).toMatchObject({ governor: 'schedutil', min: 1_200_000, max: 2_400_000 })
  })

  test('while another process governs, it is refused', () => {
    const { start, tree, stateFile } = scene(RECORD)
    const governor = start()
    expect(() => scene(RECORD, tree).start({ stateFile })).toThrow(/process 42 has/)
    expect(tree.policies[0]!.governor).toBe('userspace')
    governor.detach()
  })

  test('a state file that makes no sense is replaced', () => {
    const { start, stateFile } = scene(RECORD)
    start().detach()
    for (const text of ['', '{', '[]', '{"pid":1}']) {
      writeFileSync(stateFile, text)
      start().detach()
      expect(existsSync(stateFile)).toBe(false)
    }
  })

  test('names in a state file are no paths, whoever has written it', () => {
    const { start, stateFile, tree, log } = scene(RECORD)
    start().detach()
    const limits = { min: 1, max: 2 }
    for (const policies of [
      [null],
      [{ name: '../../../../etc', governor: 'ondemand', limits }],
      [{ name: 'policy0/../policy1', governor: 'ondemand', limits }],
      [{ name: 'policy0', governor: 'a\nb', limits }],
      [{ name: 'policy0', governor: 'ondemand', limits: { min: '1', max: 2 } }],
    ]) {
      log.length = 0
      tree.policies[0]!.governor = 'userspace'
      writeFileSync(stateFile, JSON.stringify({ pid: 1, started: '1', policies }))
      start().detach()
      expect(log).toEqual([expect.stringContaining('it made no sense')])
      expect(existsSync(stateFile)).toBe(false)
    }
  })

  test('a policy that somebody has given another governor is left alone', () => {
    const { tree, start, clock, log, state } = scene(RECORD)
    const governor = start()
    tree.policies[0]!.governor = 'ondemand'
    clock.goTo(25)
    expect((state.getGlobal('seen') as unknown[][]).map(([cpu]) => cpu)).toEqual([1, 1])
    expect(governor.figures.policies).toEqual(['policy1'])
    expect(log).toEqual(['policy0 has the governor ondemand now: it is left alone'])
    governor.detach()
    expect(tree.policies.map(({ governor: name }) => name)).toEqual(['ondemand', 'schedutil'])
  })

  test('nothing to govern, no privilege, no such governor, no function', () => {
    expect(() => scene(RECORD, new SysfsTree([])).start()).toThrow(
      expect.objectContaining({ code: 'NOT_AVAILABLE', hint: expect.stringContaining('simulate') }),
    )
    const locked = scene(RECORD)
    locked.tree.refuses = 'EACCES'
    expect(() => locked.start()).toThrow(expect.objectContaining({ code: 'NOT_PERMITTED' }))
    expect(existsSync(locked.stateFile)).toBe(false)
    const without = scene(RECORD)
    without.tree.hasUserspace = false
    expect(() => without.start()).toThrow(/there is no governor userspace \(EINVAL\)/)
    expect(() => scene('').start()).toThrow(/the script defines no such function/)
  })

  test('when the second policy is refused, the first is given back', () => {
    const { tree, start } = scene(RECORD)
    const write = tree.write.bind(tree)
    tree.write = (path, text) => (path.includes('policy1') ? 'EINVAL' : write(path, text))
    expect(() => start()).toThrow(/policy1/)
    expect(tree.policies[0]!.governor).toBe('schedutil')
  })
})

describe('periods', () => {
  test('the function gets the processor, its frequency and the limits, of each policy', () => {
    const { start, clock, state } = scene(RECORD, new SysfsTree([[0, 1], [2]]))
    const governor = start()
    clock.goTo(10)
    expect(state.getGlobal('seen')).toEqual([
      [0, 1_800_000, 3_000_000, 800_000],
      [2, 1_800_000, 3_000_000, 800_000],
    ])
    expect(governor.figures).toMatchObject({ period: 10, calls: 2, errors: 0, skipped: 0 })
    governor.detach()
    clock.goTo(100)
    expect(governor.figures.calls).toBe(2)
  })

  test('there is no drift, and periods that come too late are skipped and counted', () => {
    const at: number[] = []
    const { start, clock, state } = scene('function throttle(cpu) busy(cpu) end')
    let delay = 0.4
    state.register('host', {
      busy: (cpu) => {
        if (cpu === 0) at.push(clock.time)
        clock.time += delay
        return undefined
      },
    })
    state.loadSync('busy = host.busy')
    const governor = start({ period: 10 })
    clock.goTo(41)
    expect(at).toEqual([10, 20, 30, 40])
    delay = 12
    clock.goTo(50)
    delay = 0
    clock.goTo(90)
    expect(at).toEqual([10, 20, 30, 40, 50, 80, 90])
    expect(governor.figures.skipped).toBe(2)
    governor.detach()
  })

  test('a processor that is switched off is not asked about; back again, it is taken again', () => {
    const { tree, start, clock, state, log } = scene(RECORD)
    tree.policies[1]!.isOn = false
    const governor = start()
    clock.goTo(10)
    expect(state.getGlobal('seen')).toHaveLength(1)
    tree.policies[1]!.isOn = true
    clock.goTo(20)
    expect(tree.policies[1]!.governor).toBe('userspace')
    expect(state.getGlobal('seen')).toHaveLength(3)
    tree.policies[1]!.isOn = false
    clock.goTo(30)
    expect(governor.detach()).toEqual([])
    expect(tree.policies.map(({ governor: name }) => name)).toEqual(['schedutil', 'userspace'])
    expect(log).toEqual([])
  })
})

describe('scripts that fail', () => {
  test.each([
    ['raises', 'error("boo")', 'script:1: boo'],
    ['never ends', 'while true do end', 'out of fuel'],
    ['allocates for ever', 'local t = {} while true do t[#t + 1] = {} end', 'not enough memory'],
    ['asks for nonsense', 'cpufreq.target(99, 1, ">=")', 'no cpufreq policy'],
  ])('%s: the built-in rule decides, and the error is logged once', (_, body, message) => {
    const { tree, start, clock, log } = scene(`function throttle() ${body} end`, new SysfsTree([[0]]))
    const governor = start()
    tree.spend(0, 1, 0)
    clock.goTo(10)
    expect(tree.policies[0]!.current).toBe(3_000_000)
    tree.spend(0, 0, 1)
    clock.goTo(20)
    expect(tree.policies[0]!.current).toBe(800_000)
    expect(governor.figures).toMatchObject({ calls: 2, errors: 2, fallbacks: 2, refused: 0 })
    expect(log.filter((text) => text.includes(message))).toHaveLength(1)
    expect(log[0]).toContain('stack traceback')
    governor.detach()
  })

  test('frequencies that the kernel refuses are counted', () => {
    const { tree, start, clock } = scene('function throttle() error("boo") end')
    const governor = start()
    tree.spend(0, 1, 0)
    tree.refuses = 'EIO'
    clock.goTo(10)
    expect(governor.figures.refused).toBe(2)
    tree.refuses = undefined
    governor.detach()
  })

  test('a state that is closed gives the policies back', () => {
    const { tree, start, clock, state, stateFile } = scene(RECORD)
    let ended = 0
    start({ onEnd: () => ended++ })
    state.close()
    clock.goTo(10)
    expect(ended).toBe(1)
    expect(tree.policies.map(({ governor }) => governor)).toEqual(['schedutil', 'schedutil'])
    expect(existsSync(stateFile)).toBe(false)
  })

  test('while the state is busy with another call, the built-in rule decides', async () => {
    const { tree, start, clock, state } = scene(RECORD)
    state.register('host', { wait: async () => void (await nextTurn()) })
    const governor = start()
    const call = state.load('host.wait()')
    tree.spend(0, 1, 0)
    clock.goTo(10)
    expect(governor.figures).toMatchObject({ calls: 0, errors: 0, fallbacks: 2 })
    expect(tree.policies[0]!.current).toBe(3_000_000)
    await call
    governor.detach()
  })
})

describe('throttle.lua', () => {
  function governed() {
    const here = scene(file('throttle.lua'), new SysfsTree([[0]]))
    const governor = here.start({ period: 100 })
    let periods = 0
    /** The frequency after a period with a load in percent. */
    const after = (load: number) => {
      here.tree.spend(0, load / 10, 10 - load / 10)
      here.clock.goTo(++periods * 100)
      expect(governor.figures.errors).toBe(0)
      return here.tree.policies[0]!.current
    }
    return { ...here, after }
  }

  test('goes up to the limit, stays between, goes down in steps', () => {
    const { after } = governed()
    expect([90, 50, 80, 30].map(after)).toEqual([3_000_000, 3_000_000, 3_000_000, 3_000_000])
    expect([20, 20, 20, 20, 20, 20].map(after)).toEqual([
      2_400_000, 1_800_000, 1_200_000, 800_000, 800_000, 800_000,
    ])
  })

  test('cools down, and a sensor that disappears stops nothing', () => {
    const { after, tree } = governed()
    const zone = 'sys/class/thermal/thermal_zone0/temp'
    expect(after(100)).toBe(3_000_000)
    tree.files.set(zone, '100000\n')
    expect([100, 100].map(after)).toEqual([2_400_000, 1_800_000])
    tree.files.delete(zone)
    expect(after(100)).toBe(3_000_000)
  })

  test('thresholds and functions can be exchanged in the live state', () => {
    const { after, state } = governed()
    state.loadSync('up = 40')
    expect(after(50)).toBe(3_000_000)
    state.loadSync('function get_load() return 0 end')
    expect(after(100)).toBe(2_400_000)
  })
})
