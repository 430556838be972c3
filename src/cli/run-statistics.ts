/** What running a script took, for `run --stats`: the verifier's work, instructions, time for each. */
import type { State } from '../state/state.ts'

const thousands = (n: number): string =>
  Math.round(n)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ',')
const milliseconds = (ms: number): string => `${ms.toFixed(1)} ms`
const kilobytes = (bytes: number): string => `${(bytes / 1024).toFixed(1)} kB`

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
      const { processed = 0, time = 0 } = program
      const share = (processed / 10_000).toFixed(1)
      rows.push(
        ['verifier processed', `${thousands(processed)} instructions, ${share} % of its million`],
        ['verified and compiled in', milliseconds(time / 1000)],
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
