/**
 * A cpufreq policy of this machine: the files of /sys/devices/system/cpu/cpufreq/policyN, see
 * Documentation/admin-guide/pm/cpufreq.rst of the kernel.
 */
import type { Files } from './files.ts'
import type { Limits, Policy } from './machine.ts'

export const POLICIES = 'sys/devices/system/cpu/cpufreq'

/** What the kernel says of a latency that it doesn't know: CPUFREQ_ETERNAL, in nanoseconds. */
const ETERNAL = 0xffffffff

/** A whole number that a file holds; undefined for anything else, such as `<unsupported>`. */
export function numberIn(text: string | undefined): number | undefined {
  const digits = text?.trim() ?? ''
  return /^-?\d{1,15}$/.test(digits) ? Number(digits) : undefined
}

/** Numbers between blanks, in ascending order, each once. */
export function numbersIn(text: string | undefined): number[] {
  const numbers = (text ?? '').split(/\s+/).flatMap((word) => numberIn(word) ?? [])
  return [...new Set(numbers)].sort((a, b) => a - b)
}

/** What never changes. */
type Facts = Pick<Policy, 'driver' | 'hardware' | 'frequencies' | 'latency' | 'related'>

export class LinuxPolicy implements Policy {
  readonly name: string
  readonly #files: Files
  readonly #folder: string
  #facts: Facts | undefined

  /** @param name such as `policy0` */
  constructor(files: Files, name: string) {
    this.#files = files
    this.#folder = `${POLICIES}/${name}`
    this.name = name
  }

  get driver(): string {
    return this.#known().driver
  }

  get hardware(): Limits {
    return this.#known().hardware
  }

  get frequencies(): readonly number[] {
    return this.#known().frequencies
  }

  get latency(): number | undefined {
    return this.#known().latency
  }

  /** None until the policy is switched on for the first time: before, the kernel doesn't tell. */
  get related(): readonly number[] {
    return this.#known().related
  }

  #known(): Facts {
    if (this.#facts !== undefined) return this.#facts
    const facts = this.#readFacts()
    if (facts.related.length > 0) this.#facts = facts
    return facts
  }

  #readFacts(): Facts {
    const boost = numbersIn(this.#text('scaling_boost_frequencies'))
    const plain = numbersIn(this.#text('scaling_available_frequencies'))
    const frequencies = [...new Set([...plain, ...boost])].sort((a, b) => a - b)
    const latency = this.#number('cpuinfo_transition_latency')
    return {
      driver: this.#text('scaling_driver')?.trim() ?? '',
      frequencies,
      hardware: {
        min: this.#number('cpuinfo_min_freq') ?? frequencies[0] ?? 0,
        max: this.#number('cpuinfo_max_freq') ?? frequencies.at(-1) ?? 0,
      },
      latency: latency === ETERNAL ? undefined : latency,
      related: numbersIn(this.#text('related_cpus')),
    }
  }

  /** The file lists processors that are switched on; it can't be read when none is. */
  cpus(): number[] {
    return numbersIn(this.#text('affected_cpus'))
  }

  limits(): Limits | undefined {
    const min = this.#number('scaling_min_freq')
    const max = this.#number('scaling_max_freq')
    return min === undefined || max === undefined ? undefined : { min, max }
  }

  /**
   * What the governor `userspace` has set: exactly, where `scaling_cur_freq` may be a measurement. With other
   * governors it is that file.
   */
  current(): number | undefined {
    return this.#number('scaling_setspeed') ?? this.#number('scaling_cur_freq')
  }

  governor(): string | undefined {
    return this.#text('scaling_governor')?.trim()
  }

  set(frequency: number): string | undefined {
    return this.#files.write(`${this.#folder}/scaling_setspeed`, String(frequency))
  }

  /** Selects a governor. The name of the system's error if it refuses. */
  select(governor: string): string | undefined {
    return this.#files.write(`${this.#folder}/scaling_governor`, governor)
  }

  /** Sets the limits, first the one that widens the range: the kernel keeps the lower one below the upper. */
  limit({ min, max }: Limits): string | undefined {
    const now = this.limits()
    const upperFirst = now === undefined || max >= now.min
    const steps = [
      ['scaling_max_freq', max],
      ['scaling_min_freq', min],
    ] as const
    for (const [file, value] of upperFirst ? steps : [steps[1], steps[0]]) {
      const refused = this.#files.write(`${this.#folder}/${file}`, String(value))
      if (refused !== undefined) return refused
    }
    return undefined
  }

  #text(file: string): string | undefined {
    return this.#files.read(`${this.#folder}/${file}`)
  }

  #number(file: string): number | undefined {
    return numberIn(this.#text(file))
  }
}
