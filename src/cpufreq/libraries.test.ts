import { describe, expect, test } from 'vitest'
import { State } from '../state/state.ts'
import { registerCpuLibraries } from './libraries.ts'
import { LinuxMachine } from './linux-machine.ts'
import { SysfsTree } from './sysfs-tree.fixture.ts'

function inTree(tree: SysfsTree): { state: State; machine: LinuxMachine; run: (code: string) => unknown } {
  const state = new State({ fuel: 1_000_000 })
  const machine = new LinuxMachine(tree)
  registerCpuLibraries(state, machine)
  return {
    state,
    machine,
    run: (code) => state.loadSync(code, { name: 'test' }),
  }
}

/** A tree whose policies have the governor `userspace`. */
function taken(policies?: readonly (readonly number[])[]): SysfsTree {
  const tree = new SysfsTree(policies)
  for (const policy of tree.policies) policy.governor = 'userspace'
  return tree
}

describe('cpufreq', () => {
  test.each([
    ["1000000, '>='", 1_200_000],
    ["1000000, '<='", 800_000],
    ["1200000, '>='", 1_200_000],
    ["1200000, '<='", 1_200_000],
    ['1000000', 1_200_000],
    ["0, '<='", 800_000],
    ["-1, '>='", 800_000],
    ["math.maxinteger, '>='", 3_000_000],
    ["math.mininteger, '<='", 800_000],
  ])('target(0, %s) sets %i kHz', (args, frequency) => {
    const tree = taken()
    expect(inTree(tree).run(`return cpufreq.target(0, ${args}), cpufreq.get(0), cpufreq.get(1)`)).toEqual([
      frequency,
      frequency,
      1_800_000,
    ])
    expect(tree.policies[0]!.current).toBe(frequency)
  })

  test('target stays within the limits', () => {
    const tree = taken()
    Object.assign(tree.policies[0]!, { min: 1_200_000, max: 2_400_000 })
    const { run } = inTree(tree)
    expect(run("return cpufreq.target(0, 9999999, '>='), cpufreq.target(0, 0, '<=')")).toEqual([
      2_400_000, 1_200_000,
    ])
  })

  test('a frequency that is set already is not set again', () => {
    const tree = taken()
    inTree(tree).run("cpufreq.target(0, 800000, '<=') cpufreq.target(0, 800000, '<=')")
    expect(tree.written).toEqual(['policy0/scaling_setspeed=800000'])
  })

  test('where the driver has no table, any frequency within the limits is set', () => {
    const tree = taken()
    const read = tree.read.bind(tree)
    tree.read = (path) => (path.endsWith('available_frequencies') ? undefined : read(path))
    tree.write = (path, text) => {
      tree.written.push(`${path.split('/').at(-1)}=${text}`)
      return undefined
    }
    inTree(tree).run("cpufreq.target(0, 1234567, '>=') cpufreq.target(0, 5, '<=')")
    expect(tree.written).toEqual(['scaling_setspeed=1234567', 'scaling_setspeed=800000'])
  })

  test.each([
    ['cpufreq.target(7, 1, ">=")', /bad argument #1 to 'target' \(CPU 7 has no cpufreq policy\)/],
    ['cpufreq.target()', /bad argument #1 to 'target' \(number expected, got no value\)/],
    ['cpufreq.target(0, "fast")', /bad argument #2 to 'target' \(number expected, got string\)/],
    ['cpufreq.target(0, 1, "==")', /bad argument #3 to 'target' \('>=' or '<=' expected\)/],
    ['cpu.times({})', /bad argument #1 to 'times' \(number expected, got table\)/],
    ['cpu.times(print)', /bad argument #1 to 'times' \(number expected, got function\)/],
    ['acpi.get_temp(nil)', /bad argument #1 to 'get_temp' \(number expected, got nil\)/],
  ])('%s raises', (code, message) => {
    expect(() => inTree(taken()).run(code)).toThrow(message)
  })

  test('a write that the kernel refuses raises, and says why', () => {
    const { run } = inTree(new SysfsTree())
    expect(() => run("cpufreq.target(0, 800000, '<=')")).toThrow(
      /cannot set policy0 to 800000 kHz \(EINVAL\)/,
    )
  })

  test('a policy that is switched off gives nil everywhere', () => {
    const tree = taken()
    const { run } = inTree(tree)
    run('cpufreq.get(1)')
    tree.policies[1]!.isOn = false
    const code = "return cpufreq.target(1, 1, '>='), cpufreq.get(1), (cpu.times(1)), #cpu.online()"
    expect(run(code)).toEqual([null, null, null, 1])
  })

  test('a policy that is switched on later is found then, with its frequencies', () => {
    const tree = taken()
    tree.policies[1]!.isOn = false
    const { run } = inTree(tree)
    expect(() => run("cpufreq.target(1, 1, '>=')")).toThrow(/CPU 1 has no cpufreq policy/)
    tree.policies[1]!.isOn = true
    expect(run("return cpufreq.target(1, 1000000, '>='), cpufreq.policy(1).cpuinfo_max")).toEqual([
      1_200_000, 3_000_000,
    ])
  })

  test('policy tells what there is', () => {
    const [policy] = inTree(taken([[0, 1]])).run('return cpufreq.policy(1)') as [Map<string, unknown>]
    expect(Object.fromEntries(policy)).toEqual({
      name: 'policy0',
      driver: 'acpi-cpufreq',
      governor: 'userspace',
      cpus: [0, 1],
      cur: 1_800_000,
      min: 800_000,
      max: 3_000_000,
      cpuinfo_min: 800_000,
      cpuinfo_max: 3_000_000,
      frequencies: [800_000, 1_200_000, 1_800_000, 2_400_000, 3_000_000],
      transition_latency: 50_000,
    })
    expect(inTree(taken()).run('return cpufreq.policy(9)')).toEqual([])
  })
})

describe('cpu', () => {
  test('times are in nanoseconds, and the same for all of a period', () => {
    const tree = taken()
    const { state, machine } = inTree(tree)
    const read = () => state.loadSync('return cpu.times(0)')
    tree.spend(0, 3, 5)
    expect(read()).toEqual([30_000_000, 0, 0, 50_000_000, 0, 0, 0, 0])
    machine.beginPeriod()
    tree.spend(0, 1, 0)
    expect(read()[0]).toBe(30_000_000)
    machine.endPeriod()
    expect(read()[0]).toBe(40_000_000)
  })

  test('online lists processors that are switched on', () => {
    const tree = taken([[0, 1], [2]])
    tree.policies[0]!.isOn = false
    expect(inTree(tree).run('return cpu.online()')).toEqual([[2]])
  })
})
