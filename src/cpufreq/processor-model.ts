/**
 * The processor of the simulator: its frequencies, what they take, and how it gets warm. A model of no processor in
 * particular, with the orders of magnitude of a core of a small desktop machine.
 */

/** A frequency in kHz, and the voltage that it needs. */
interface Step {
  readonly frequency: number
  readonly volts: number
}

export interface ProcessorModel {
  /** Lowest first. */
  readonly steps: readonly Step[]
  /** Of a change of frequency, in nanoseconds; until then the old one holds. */
  readonly latency: number
  /** Farads: power in watts is capacitance times voltage squared times frequency in Hz, as in CMOS circuits. */
  readonly capacitance: number
  /** Watts at one volt, in proportion to the voltage, as long as the processor works. */
  readonly leakage: number
  /** Watts while it rests. */
  readonly rest: number
  /** Degrees Celsius of the surroundings. */
  readonly ambient: number
  /** Kelvins that it is warmer than its surroundings for each watt, in the end. */
  readonly resistance: number
  /** Seconds after which 63 percent of a change of temperature have happened. */
  readonly inertia: number
  /** Degrees Celsius from which on it lowers its limit itself, a step at a time, and below which it raises it again. */
  readonly throttle: number
  readonly recover: number
}

export const DESKTOP_CORE: ProcessorModel = {
  steps: [
    { frequency: 800_000, volts: 0.7 },
    { frequency: 1_400_000, volts: 0.77 },
    { frequency: 2_000_000, volts: 0.85 },
    { frequency: 2_600_000, volts: 0.95 },
    { frequency: 3_200_000, volts: 1.07 },
    { frequency: 3_800_000, volts: 1.22 },
  ],
  latency: 50_000,
  capacitance: 2.6e-9,
  leakage: 0.6,
  rest: 0.15,
  ambient: 25,
  resistance: 5,
  inertia: 12,
  throttle: 95,
  recover: 90,
}

/** Watts at a step, for a share of time in which the processor works. */
export function power(model: ProcessorModel, { frequency, volts }: Step, busy: number): number {
  const work = model.capacitance * volts * volts * frequency * 1000 + model.leakage * volts
  return model.rest + busy * (work - model.rest)
}
