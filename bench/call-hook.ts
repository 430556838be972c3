/** Run by named-figures.ts, once on each CPU: calls the program pinned at a path, and prints the nanoseconds of a call. */
import { openPinnedProgram } from '../src/kernel/pin.ts'

const REPEAT = 3_000_000
const PACKET = new Uint8Array(64).fill(8, 12, 13)

using program = openPinnedProgram(process.argv[2] as string)
process.stdout.write(`${program.run({ data: PACKET, repeat: REPEAT }).duration}\n`)
