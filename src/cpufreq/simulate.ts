/**
 * The simulator: a governor over a trace of loads, on a model of a machine. The script runs in the same VM and through
 * the same code as on a real machine; only the machine is another one, and time goes as fast as it can.
 */
import type { LoadTrace } from './load-trace.ts'
import type { Machine, Policy, Times } from './machine.ts'
import { DESKTOP_CORE, type ProcessorModel } from './processor-model.ts'
import { type ProcessorFigures, SimulatedProcessor, STEP_MS } from './simulated-processor.ts'

/** A machine with a policy for each processor. */
export class SimulatedMachine implements Machine {
  readonly processors: readonly SimulatedProcessor[]

  constructor(cpus: number, model: ProcessorModel = DESKTOP_CORE) {
    this.processors = Array.from({ length: cpus }, (_, cpu) => new SimulatedProcessor(cpu, model))
  }

  online(): number[] {
    return this.processors.map((_, cpu) => cpu)
  }

  times(cpu: number): Times | undefined {
    return this.processors[cpu]?.times()
  }

  temperature(cpu: number): number | undefined {
    const processor = this.processors[cpu]
    return processor && Math.round(processor.temperature)
  }

  policies(): readonly SimulatedProcessor[] {
    return this.processors
  }

  policyOf(cpu: number): SimulatedProcessor | undefined {
    return this.processors[cpu]
  }
}

/** The state of a simulation at one time: mean over the processors, and the hottest of them. */
export interface Sample {
  /** Milliseconds. */
  readonly time: number
  /** kHz. */
  readonly frequency: number
  /** Percent of the time since the sample before. */
  readonly load: number
  /** Degrees Celsius. */
  readonly temperature: number
}

export interface SimulationResult {
  readonly processors: readonly ProcessorFigures[]
  readonly frequencies: readonly number[]
  readonly samples: readonly Sample[]
}

export interface SimulationOptions {
  /** Milliseconds between decisions. */
  readonly period: number
  /** How many samples are kept, at the most. */
  readonly samples: number
}

/**
 * Runs a whole trace.
 * @param decide is called for each policy every period, and sets its frequency
 */
export function simulate(
  machine: SimulatedMachine,
  trace: LoadTrace,
  decide: (policy: Policy) => void,
  { period, samples: most }: SimulationOptions,
): SimulationResult {
  const sampler = new Sampler(machine, Math.max(period, Math.ceil(trace.duration / most)))
  let row = 0
  for (let now = 0; now < trace.duration; now += STEP_MS) {
    while (trace.rows[row]!.to <= now) row++
    const { loads } = trace.rows[row]!
    machine.processors.forEach((processor, cpu) => {
      processor.advance(now, (loads[cpu]! / 100) * STEP_MS)
    })
    const end = now + STEP_MS
    sampler.take(end)
    if (end % period === 0) machine.processors.forEach(decide)
  }
  return {
    processors: machine.processors.map(({ figures }) => figures),
    frequencies: machine.processors[0]!.frequencies,
    samples: sampler.samples,
  }
}

class Sampler {
  readonly samples: Sample[] = []
  readonly #machine: SimulatedMachine
  readonly #interval: number
  #load = 0
  #frequency = 0

  constructor(machine: SimulatedMachine, interval: number) {
    this.#machine = machine
    this.#interval = interval
  }

  take(time: number): void {
    const { processors } = this.#machine
    for (const processor of processors) {
      this.#load += processor.load
      this.#frequency += processor.current()
    }
    if (time % this.#interval !== 0) return
    const count = (processors.length * this.#interval) / STEP_MS
    this.samples.push({
      time,
      frequency: this.#frequency / count,
      load: (100 * this.#load) / count,
      temperature: Math.max(...processors.map(({ temperature }) => temperature)),
    })
    this.#load = this.#frequency = 0
  }
}
