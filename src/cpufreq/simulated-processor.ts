/**
 * One processor of the simulator with its policy: work comes in, waits its turn, and is done as fast as the frequency
 * allows; that takes energy and warms. Time goes on in steps of a millisecond.
 */
import type { Limits, Policy, Times } from './machine.ts'
import { type ProcessorModel, power } from './processor-model.ts'

/** Length of a step: milliseconds, seconds, nanoseconds. */
export const STEP_MS = 1
const STEP_SECONDS = STEP_MS / 1e3
const STEP_NS = STEP_MS * 1e6

/** Steps between changes that the processor makes to its limit on its own. */
const THROTTLE_STEPS = 100

/** Pieces of work that are done and still kept. */
const MANY = 4096

/** Work that came in one step. */
interface Work {
  /** When it came, in milliseconds. */
  readonly came: number
  /** Milliseconds that it takes at the highest frequency. */
  left: number
}

/** What a processor has been through. */
export interface ProcessorFigures {
  /** Joules. */
  energy: number
  /** Degrees Celsius. */
  hottest: number
  /** Milliseconds in which the processor lowered its limit itself. */
  throttled: number
  /** Milliseconds at each frequency. */
  readonly residency: number[]
  /** Milliseconds from coming to being done, of each piece of work. */
  readonly delays: number[]
}

export class SimulatedProcessor implements Policy {
  readonly name: string
  readonly driver = 'model'
  readonly hardware: Limits
  readonly frequencies: readonly number[]
  readonly latency: number
  readonly related: readonly number[]
  readonly figures: ProcessorFigures
  /** Degrees Celsius. */
  temperature: number
  /** Share of the last step in which it worked. */
  load = 0
  readonly #model: ProcessorModel
  readonly #queue: Work[] = []
  #head = 0
  /** Index of the frequency that holds, of the one that is set, and of the highest one that heat allows. */
  #step: number
  #wanted: number
  #cap: number
  #user = 0
  #idle = 0

  constructor(cpu: number, model: ProcessorModel) {
    this.name = `policy${cpu}`
    this.related = [cpu]
    this.#model = model
    this.frequencies = model.steps.map(({ frequency }) => frequency)
    this.hardware = { min: this.frequencies[0]!, max: this.frequencies.at(-1)! }
    this.latency = model.latency
    this.#step = this.#wanted = this.#cap = model.steps.length - 1
    this.temperature = model.ambient + model.resistance * model.rest
    this.figures = {
      energy: 0,
      hottest: this.temperature,
      throttled: 0,
      residency: this.frequencies.map(() => 0),
      delays: [],
    }
  }

  cpus(): number[] {
    return [...this.related]
  }

  limits(): Limits {
    return { min: this.hardware.min, max: this.frequencies[this.#cap]! }
  }

  current(): number {
    return this.frequencies[this.#wanted]!
  }

  governor(): string {
    return 'userspace'
  }

  /** As the kernel's governor `userspace`: the lowest frequency at or above, within the limits. */
  set(frequency: number): undefined {
    const index = this.frequencies.findIndex((own) => own >= frequency)
    this.#wanted = Math.min(index < 0 ? this.#cap : index, this.#cap)
  }

  times(): Times {
    const [user, idle] = [Math.round(this.#user), Math.round(this.#idle)]
    return { user, nice: 0, system: 0, idle, iowait: 0, irq: 0, softirq: 0, steal: 0 }
  }

  /** Lets a step go by. @param now when it starts, in milliseconds @param work that comes, as `Work.left` */
  advance(now: number, work: number): void {
    if (work > 0) this.#queue.push({ came: now, left: work })
    const change = this.#step === this.#wanted ? 0 : Math.min(1, this.#model.latency / STEP_NS)
    let busy = 0
    if (change > 0) busy = this.#work(now, change)
    this.#step = this.#wanted
    busy += this.#work(now + change * STEP_MS, 1 - change)
    this.load = busy
    this.#user += busy * STEP_NS
    this.#idle += (1 - busy) * STEP_NS
    this.#warm(busy)
    this.#throttle(now)
  }

  /** Works for a share of a step at the frequency that holds. Returns the share in which there was work. */
  #work(now: number, share: number): number {
    const speed = this.frequencies[this.#step]! / this.hardware.max
    this.figures.residency[this.#step]! += share * STEP_MS
    let left = share * STEP_MS * speed
    const whole = left
    while (left > 0 && this.#head < this.#queue.length) {
      const first = this.#queue[this.#head]!
      const done = Math.min(left, first.left)
      left -= done
      first.left -= done
      // what is left of a piece after rounding is nothing
      if (first.left > 1e-9) break
      this.figures.delays.push(now + (whole - left) / speed - first.came)
      this.#head++
    }
    if (this.#head > MANY) this.#forget()
    return (whole - left) / speed / STEP_MS
  }

  /** Drops the pieces of work that are done, now and then: dropping each would move all the others. */
  #forget(): void {
    this.#queue.splice(0, this.#head)
    this.#head = 0
  }

  /** First order: the temperature goes to what the power would lead to, as fast as it is away from that. */
  #warm(busy: number): void {
    const { ambient, resistance, inertia, steps } = this.#model
    const watts = power(this.#model, steps[this.#step]!, busy)
    this.figures.energy += watts * STEP_SECONDS
    this.temperature += ((ambient + resistance * watts - this.temperature) * STEP_SECONDS) / inertia
    this.figures.hottest = Math.max(this.figures.hottest, this.temperature)
  }

  #throttle(now: number): void {
    const highest = this.frequencies.length - 1
    if (this.#cap < highest) this.figures.throttled += STEP_MS
    if (Math.round(now / STEP_MS) % THROTTLE_STEPS !== 0) return
    if (this.temperature >= this.#model.throttle) this.#cap = Math.max(0, this.#cap - 1)
    else if (this.temperature < this.#model.recover) this.#cap = Math.min(highest, this.#cap + 1)
    this.#wanted = Math.min(this.#wanted, this.#cap)
  }
}
