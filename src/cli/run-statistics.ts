/** What running a script took, for `run --stats`: the verifier's work, instructions, time for each. */
import type { State } from '../state/state.ts'

const thousands = (n: number): string =>
  Math.round(n)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ',')
const milliseconds = (ms: number): string => `${ms.toFixed(1)} ms`
const kilobytes = (bytes: number): string => `${(bytes / 1024).toFixed(1)} kB`

/** Where this kernel's verifier doesn't print a figure. */
const UNKNOWN = 'not known'

function processedText(processed: number | undefined): string {
  if (processed === undefined) return UNKNOWN
  return `${thousands(processed)} instructions, ${(processed / 10_000).toFixed(1)} % of its million`
}

/** A clock for the parts of a run. */
export class RunStatistics {
  readonly #start = performance.now()
  #made = 0

  /** The state is there, and its program loaded. */
  stateMade(): void {
    this.#made = performance.now()
  }

  /** Lines of a name and a value each. */
  report(state: State): string {
    const running = performance.now() - this.#made
    const { fuelUsed, memory, program } = state
    const rows: [string, string][] = [['state made in', milliseconds(this.#made - this.#start)]]
    if (program) {
      rows.push(
        ['verifier processed', processedText(program.processed)],
        [
          'verified and compiled in',
          program.time === undefined ? UNKNOWN : milliseconds(program.time / 1000),
        ],
        [
          'program',
          `${kilobytes(program.xlatedLength)} of eBPF, ${kilobytes(program.jitedLength)} of machine code`,
        ],
      )
    }
    rows.push(
      ['ran', `${thousands(fuelUsed)} instructions in ${milliseconds(running)}`],
      ['an instruction', fuelUsed > 0 ? `${((running * 1e6) / fuelUsed).toFixed(1)} ns` : 'none ran'],
      ['memory', `${kilobytes(memory.used)} used, ${kilobytes(memory.peak)} at most`],
    )
    const width = Math.max(...rows.map(([name]) => name.length))
    return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}\n`).join('')
  }
}
