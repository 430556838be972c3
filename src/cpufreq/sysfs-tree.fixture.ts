/**
 * Files of a machine for tests, which answer as those of Linux 6.12 do with the driver acpi-cpufreq:
 * test/guest-cpufreq.test.ts asks the same of a real kernel.
 */
import type { Files } from './files.ts'
import { POLICIES } from './linux-policy.ts'

export const FREQUENCIES = [3_000_000, 2_400_000, 1_800_000, 1_200_000, 800_000]
const GOVERNORS = ['performance', 'schedutil', 'ondemand', 'userspace']
/** Time of a processor in ticks of 10 ms. */
export interface Ticks {
  busy: number
  idle: number
}

/** A policy as the kernel keeps it. */
export interface TreePolicy {
  governor: string
  /** The frequency that holds, and the one that was asked for last: within changed limits it is tried again. */
  current: number
  asked: number
  /** Limits that the user wishes; the kernel remembers them as they were written. */
  min: number
  max: number
  isOn: boolean
  readonly cpus: readonly number[]
}

const atOrAbove = (wish: number) =>
  [...FREQUENCIES].reverse().find((frequency) => frequency >= wish) ?? FREQUENCIES[0]!
const atOrBelow = (wish: number) => FREQUENCIES.find((frequency) => frequency <= wish) ?? FREQUENCIES.at(-1)!

/** The limits that come out of the user's wishes: frequencies of the table, the lower not above the upper. */
function limitsOf(policy: TreePolicy): { min: number; max: number } {
  const max = atOrBelow(policy.max)
  return { min: Math.min(atOrAbove(policy.min), max), max }
}

export class SysfsTree implements Files {
  readonly policies: TreePolicy[]
  readonly ticks: Ticks[]
  /** Other files, by path. */
  readonly files = new Map<string, string>()
  /** Writes, as `policy0/scaling_setspeed=800000`. */
  readonly written: string[] = []
  /** The error of every write, as for a user without privilege. */
  refuses: string | undefined
  /** Whether the kernel has the governor `userspace`. */
  hasUserspace = true
  /** What is read of limits, while the kernel hasn't come to make those that were written last effective. */
  staleLimits: { readonly min: number; readonly max: number } | undefined

  /** @param policies processors of each policy */
  constructor(policies: readonly (readonly number[])[] = [[0], [1]]) {
    this.policies = policies.map((cpus) => ({
      governor: 'schedutil',
      current: 1_800_000,
      min: 800_000,
      max: 3_000_000,
      asked: 1_800_000,
      isOn: true,
      cpus,
    }))
    this.ticks = policies.flat().map(() => ({ busy: 0, idle: 0 }))
    this.files.set('sys/class/thermal/thermal_zone0/type', 'acpitz\n')
    this.files.set('sys/class/thermal/thermal_zone0/temp', '40000\n')
    this.files.set('proc/42/stat', '42 (node (x)) S 1 42 42 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 777 0 0')
  }

  read(path: string): string | undefined {
    if (path === 'proc/stat') return this.#stat()
    const found = this.#find(path)
    if (found === undefined) return this.files.get(path)
    const text = this.#show(found.policy, found.file)
    return text === undefined ? undefined : `${text}\n`
  }

  write(path: string, text: string): string | undefined {
    const found = this.#find(path)
    if (found === undefined) return 'ENOENT'
    if (this.refuses !== undefined) return this.refuses
    if (!found.policy.isOn) return 'EBUSY'
    const refused = this.#store(found.policy, found.file, text)
    if (refused === undefined) this.written.push(`${path.slice(POLICIES.length + 1)}=${text}`)
    return refused
  }

  list(path: string): string[] {
    if (path === POLICIES) return this.policies.map((_, i) => `policy${i}`)
    const inside = [...this.files.keys()].filter((name) => name.startsWith(`${path}/`))
    return [...new Set(inside.map((name) => name.slice(path.length + 1).split('/')[0]!))]
  }

  close(): void {}

  #find(path: string): { policy: TreePolicy; file: string } | undefined {
    const [, index, file] = /^sys\/devices\/system\/cpu\/cpufreq\/policy(\d+)\/(\w+)$/.exec(path) ?? []
    const policy = this.policies[Number(index)]
    return policy === undefined || file === undefined ? undefined : { policy, file }
  }

  /** /proc/stat lists processors that are switched on. */
  #stat(): string {
    const on = this.policies.filter(({ isOn }) => isOn).flatMap(({ cpus }) => cpus)
    const lines = on.map(
      (cpu) => `cpu${cpu} ${this.ticks[cpu]!.busy} 0 0 ${this.ticks[cpu]!.idle} 0 0 0 0 0 0`,
    )
    return ['cpu  0 0 0 0 0 0 0 0 0 0', ...lines, 'intr 0', ''].join('\n')
  }

  /** Reading fails with EBUSY while the policy is switched off. */
  #show(policy: TreePolicy, file: string): string | undefined {
    if (!policy.isOn) return undefined
    const { governor, current, cpus } = policy
    const { min, max } = this.staleLimits ?? limitsOf(policy)
    const texts: Record<string, string> = {
      affected_cpus: cpus.join(' '),
      related_cpus: cpus.join(' '),
      cpuinfo_min_freq: '800000',
      cpuinfo_max_freq: '3000000',
      cpuinfo_transition_latency: '50000',
      scaling_available_frequencies: `${FREQUENCIES.join(' ')} `,
      scaling_available_governors: 'performance schedutil ',
      scaling_cur_freq: String(current),
      scaling_driver: 'acpi-cpufreq',
      scaling_governor: governor,
      scaling_max_freq: String(max),
      scaling_min_freq: String(min),
      scaling_setspeed: governor === 'userspace' ? String(current) : '<unsupported>',
    }
    return texts[file]
  }

  #store(policy: TreePolicy, file: string, text: string): string | undefined {
    if (file === 'scaling_governor') {
      if (!GOVERNORS.includes(text) || (text === 'userspace' && !this.hasUserspace)) return 'EINVAL'
      policy.governor = text
      return undefined
    }
    if (file === 'scaling_cur_freq') return 'EACCES'
    if (text === '') return undefined // a write of nothing reaches nobody
    // sscanf with %u: digits at the start count, whatever follows
    const digits = /^\d+/.exec(text)?.[0]
    if (digits === undefined) return 'EINVAL'
    if (file === 'scaling_setspeed') {
      if (policy.governor !== 'userspace') return 'EINVAL'
      policy.asked = Number(digits)
    } else policy[file === 'scaling_max_freq' ? 'max' : 'min'] = Number(digits)
    const { min, max } = limitsOf(policy)
    policy.current = Math.min(atOrAbove(Math.max(policy.asked, min)), max)
    return undefined
  }

  /** Lets a processor work and rest for so many ticks of 10 ms. */
  spend(cpu: number, busy: number, idle: number): void {
    const ticks = this.ticks[cpu]!
    ticks.busy += busy
    ticks.idle += idle
  }
}
