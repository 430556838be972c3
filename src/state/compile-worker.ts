/** What the threads of compiling.ts run: one text each. */
import { parentPort, workerData } from 'node:worker_threads'
import { compileWithin } from '../lang/compile.ts'
import type { MeterLimits } from '../lang/meter.ts'

interface Job {
  readonly text: string | Uint8Array
  readonly name: string
  readonly limits: MeterLimits
}

const { text, name, limits } = workerData as Job
parentPort?.postMessage(compileWithin(text, name, limits))
