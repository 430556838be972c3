/** This machine through sysfs and procfs. */
import type { Files } from './files.ts'
import { LinuxPolicy, POLICIES } from './linux-policy.ts'
import type { Machine, Times } from './machine.ts'
import { parseTimes } from './processor-times.ts'
import { Sensors } from './sensors.ts'

export class LinuxMachine implements Machine {
  readonly files: Files
  #policies: readonly LinuxPolicy[] | undefined
  #sensors: Sensors | undefined
  /** Policies by processor. */
  readonly #byCpu = new Map<number, LinuxPolicy>()
  #times: ReadonlyMap<number, Times> | undefined

  constructor(files: Files) {
    this.files = files
  }

  /**
   * Until `endPeriod` the times are those of this moment: /proc/stat is one file for all processors, and slow, so that it
   * is read once in a period.
   */
  beginPeriod(): void {
    this.#times = parseTimes(this.files.read('proc/stat') ?? '')
  }

  endPeriod(): void {
    this.#times = undefined
  }

  /** Finds policies and sensors anew when they are next asked for: drivers come and go while a server runs. */
  lookAgain(): void {
    this.files.close()
    this.#policies = undefined
    this.#sensors = undefined
    this.#byCpu.clear()
  }

  online(): number[] {
    return [...this.#allTimes().keys()].sort((a, b) => a - b)
  }

  times(cpu: number): Times | undefined {
    return this.#allTimes().get(cpu)
  }

  #allTimes(): ReadonlyMap<number, Times> {
    return this.#times ?? parseTimes(this.files.read('proc/stat') ?? '')
  }

  temperature(cpu: number): number | undefined {
    this.#sensors ??= new Sensors(this.files)
    return this.#sensors.temperature(cpu)
  }

  /** Found when they are first asked for; see `lookAgain`. */
  policies(): readonly LinuxPolicy[] {
    this.#policies ??= findPolicies(this.files)
    return this.#policies
  }

  policyOf(cpu: number): LinuxPolicy | undefined {
    const known = this.#byCpu.get(cpu)
    if (known !== undefined) return known
    // what was switched off before tells its processors now
    for (const policy of this.policies())
      for (const related of policy.related) this.#byCpu.set(related, policy)
    return this.#byCpu.get(cpu)
  }
}

function findPolicies(files: Files): LinuxPolicy[] {
  const names = files.list(POLICIES).filter((name) => /^policy\d+$/.test(name))
  const order = (name: string) => Number(name.slice('policy'.length))
  return names.sort((a, b) => order(a) - order(b)).map((name) => new LinuxPolicy(files, name))
}
