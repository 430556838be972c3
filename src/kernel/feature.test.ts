import { describe, expect, test } from 'vitest'
import { BPFFS_DIRECTORY, isInBpffs, mountPoints } from './bpffs.ts'
import { NotAvailable } from './errors.ts'
import { type Feature, type Machine, probeFeature, thisMachine } from './feature.ts'
import { FEATURES } from './features.ts'
import { MACHINE_FEATURES } from './features-machine.ts'
import { HOOKS, probeHook } from './hooks.ts'
import { describeInKernel } from './kernel.fixture.ts'
import { RecordedCalls } from './recorded-calls.fixture.ts'
import { systemCalls } from './system.ts'

/** A machine with these files and this kernel. */
function machineWith(files: Readonly<Record<string, string>>, system = new RecordedCalls()): Machine {
  return { system: () => system, read: (path) => files[path], bpffs: '/sys/fs/bpf' }
}

/** What one feature finds. */
function find(name: string, machine: Machine) {
  return probeFeature(FEATURES.find((feature) => feature.name === name)!, machine)
}

const STATUS = '/proc/self/status'

describe('probes', () => {
  test('names are there once, and each says what to do', () => {
    for (const list of [FEATURES, HOOKS]) {
      expect(new Set(list.map(({ name }) => name)).size).toBe(list.length)
      for (const { remedy } of list) expect(remedy).not.toBe('')
    }
  })

  test('a machine without system calls lacks everything that needs them, and says why', () => {
    const machine = {
      ...machineWith({}),
      system: () => {
        throw new NotAvailable('Cannot call the kernel: this is darwin', 'use the engine in user space')
      },
    }
    const ofFiles = ['unprivileged_bpf_disabled', 'lockdown', 'btf']
    for (const feature of FEATURES.filter(({ name }) => !ofFiles.includes(name))) {
      const { available, reason } = probeFeature(feature, machine)
      expect([feature.name, available]).toEqual([feature.name, false])
      expect(reason).not.toBe('')
    }
    for (const hook of HOOKS)
      expect([hook.name, probeHook(hook, machine).available]).toEqual([hook.name, false])
  })

  test('without privilege the remedy is privilege, not another kernel', () => {
    const machine = machineWith({}, new RecordedCalls(() => -1))
    for (const name of ['arena', 'may_goto', 'program XDP']) {
      expect(find(name, machine)).toMatchObject({ available: false, remedy: expect.stringMatching(/./) })
    }
  })

  test('an old kernel', () => {
    const machine = machineWith({}, new RecordedCalls((command) => (command === 18 ? undefined : -22)))
    expect(find('arena', machine)).toEqual({
      available: false,
      reason: 'this kernel lacks maps of the type arena (EINVAL)',
    })
    expect(find('program NETFILTER', machine).reason).toMatch(/lacks programs of the type NETFILTER/)
  })

  test('answers are remembered, for a machine', () => {
    let probed = 0
    const feature: Feature = {
      name: 'x',
      remedy: 'none',
      probe: () => ({ available: true, reason: String(++probed) }),
    }
    const machine = machineWith({})
    expect(
      [probeFeature(feature, machine), probeFeature(feature, machine)].map(({ reason }) => reason),
    ).toEqual(['1', '1'])
    expect(probeFeature(feature, machineWith({})).reason).toBe('2')
  })

  test.each([
    ['lockdown', '/sys/kernel/security/lockdown', 'none integrity [confidentiality]', false],
    ['lockdown', '/sys/kernel/security/lockdown', 'none [integrity] confidentiality', true],
    ['unprivileged_bpf_disabled', '/proc/sys/kernel/unprivileged_bpf_disabled', '0\n', false],
    ['unprivileged_bpf_disabled', '/proc/sys/kernel/unprivileged_bpf_disabled', '2\n', true],
    ['jit', '/proc/sys/net/core/bpf_jit_enable', '0\n', false],
    ['CAP_BPF', STATUS, 'CapEff:\t0000000000000000\n', false],
    ['CAP_BPF', STATUS, 'CapEff:\t000001ffffffffff\n', true],
    ['bpffs', '/proc/self/mounts', 'bpf /sys/fs/bpf bpf rw 0 0\n', true],
    ['bpffs', '/proc/self/mounts', 'sysfs /sys sysfs rw 0 0\n', false],
  ])('%s with %s: %j', (name, path, content, available) => {
    expect(find(name, machineWith({ [path]: content })).available).toBe(available)
  })

  test('bpf(2) that is missing, and one that only forbids', () => {
    const [bpf] = MACHINE_FEATURES
    expect(probeFeature(bpf!, machineWith({}, new RecordedCalls(() => -38))).available).toBe(false)
    expect(probeFeature(bpf!, machineWith({}, new RecordedCalls(() => -1))).available).toBe(true)
  })
})

describe('mounts', () => {
  const read = () =>
    'sysfs /sys sysfs rw 0 0\nbpf /sys/fs/bpf bpf rw 0 0\ncgroup2 /a\\040b cgroup2 rw 0 0\n/dev/x / ext4 rw 0 0\n'

  test('the innermost one decides', () => {
    expect(isInBpffs('/sys/fs/bpf', read)).toBe(true)
    expect(isInBpffs('/sys/fs/bpf/moonring/x', read)).toBe(true)
    expect(isInBpffs('/sys/fs/bpfx', read)).toBe(false)
    expect(isInBpffs('/home', read)).toBe(false)
    expect(mountPoints('cgroup2', read)).toEqual(['/a b'])
  })

  test('of two at one place the later one', () => {
    expect(isInBpffs('/a', () => 'bpf /a bpf rw 0 0\ntmpfs /a tmpfs rw 0 0\n')).toBe(false)
  })
})

describe('hooks', () => {
  const LINK_CREATE = 28
  /** A kernel that loads every program and answers links with an error. */
  const answering = (errno: number) =>
    new RecordedCalls((command) => (command === LINK_CREATE ? -errno : undefined))
  const files = { '/proc/self/mounts': 'cgroup2 /sys/fs/cgroup cgroup2 rw 0 0\n' }

  test.each([
    ['netfilter/local-in', 97, true],
    ['netfilter/local-in', 95, false],
    ['tc/ingress', 19, true],
    ['tc/ingress', 22, false],
    ['xdp', 22, true],
    ['xdp', 95, false],
    ['cgroup/ingress', 9, true],
    ['cgroup/ingress', 22, false],
  ])('%s when the kernel answers %i', (name, errno, available) => {
    const system = answering(errno)
    const hook = HOOKS.find((one) => one.name === name)!
    expect(probeHook(hook, machineWith(files, system)).available).toBe(available)
    expect(system.open.size).toBe(0)
  })

  test('a link that comes about after all is closed', () => {
    const system = new RecordedCalls()
    probeHook(HOOKS[0]!, machineWith(files, system))
    expect(system.open.size).toBe(0)
  })

  test('cgroup hooks need a mount', () => {
    const hook = HOOKS.find(({ name }) => name === 'cgroup/ingress')!
    expect(probeHook(hook, machineWith({}, answering(9))).reason).toBe('no cgroup2 file system is mounted')
  })

  test('cpufreq needs a policy whose driver leaves the frequency to the kernel', () => {
    const hook = HOOKS.find(({ name }) => name === 'cpufreq')!
    const probe = (driver: string) =>
      probeHook(
        hook,
        machineWith({ '/sys/devices/system/cpu/cpufreq/policy0/scaling_driver': `${driver}\n` }),
      )
    expect(probeHook(hook, machineWith({})).available).toBe(false)
    expect(probe('intel_pstate').available).toBe(false)
    expect(probe('acpi-cpufreq')).toEqual({ available: true, reason: 'driver acpi-cpufreq' })
  })
})

describeInKernel('probes of this kernel', () => {
  const machine = thisMachine(systemCalls, BPFFS_DIRECTORY)

  test('all answer, and nothing is left of them', () => {
    for (const feature of FEATURES) {
      const { available, reason } = probeFeature(feature, machine)
      if (!available) expect([feature.name, reason]).not.toEqual([feature.name, ''])
      if (feature.essential) expect([feature.name, available]).toEqual([feature.name, true])
    }
    for (const hook of HOOKS) expect(probeHook(hook, machine)).toHaveProperty('available')
  })

  test('a loop with may_goto has a time or a count', () => {
    expect(find('timed may_goto', machine).reason).toMatch(/^250 ms$|^it counts/)
  })
})
