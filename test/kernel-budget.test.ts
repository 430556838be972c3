/**
 * How much of the verifier's patience the shipped VM uses: a golden number, so that a change of the translator or
 * of the VM shows, and a ceiling far below the kernel's million. `UPDATE_GOLDEN=1 npx vitest run
 * test/kernel-budget.test.ts` records the number of the running kernel.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { machine, release } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { expect, test } from 'vitest'
import { INSTRUCTION_SIZE } from '../src/ebpf/instruction.ts'
import { MEMORY } from '../src/isa/layout.ts'
import { describeInKernel } from '../src/kernel/kernel.fixture.ts'
import { KernelInstance, runProgramSpec } from '../src/state/kernel-engine.ts'

/** Instructions that the verifier may follow on any kernel; it gives up at a million. */
const CEILING = 250_000
/** How far other kernels' verifiers may be from the recorded one's number: they prune states differently. */
const OTHER_KERNELS = { least: 0.5, most: 2 }

interface Golden {
  /** Version and machine of the kernel that said so. */
  readonly kernel: string
  /** Instructions that its verifier followed. */
  readonly processed: number
  /** Instructions of the program. */
  readonly instructions: number
}

const file = join(import.meta.dirname, 'kernel-budget.json')
const kernel = `${/^\d+\.\d+\.\d+/.exec(release())?.[0] ?? release()} ${machine()}`

function measured(): Golden {
  const instance = KernelInstance.create(MEMORY.SMALLEST_LIMIT)
  try {
    const { processed = 0 } = instance.statistics()
    return { kernel, processed, instructions: runProgramSpec().instructions.length / INSTRUCTION_SIZE }
  } finally {
    instance.close()
  }
}

describeInKernel("the verifier's work on the VM", () => {
  test('is what it was, and far from the limit', () => {
    const now = measured()
    if (process.env.UPDATE_GOLDEN === '1') writeFileSync(file, `${JSON.stringify(now, null, 2)}\n`)
    const golden = JSON.parse(readFileSync(file, 'utf8')) as Golden
    const hint =
      'if the change is meant: UPDATE_GOLDEN=1 npx vitest run test/kernel-budget.test.ts && npm run generate'
    expect(now.processed).toBeGreaterThan(0)
    expect(now.processed, `of the kernel's million`).toBeLessThanOrEqual(CEILING)
    expect(now.instructions, hint).toBe(golden.instructions)
    if (kernel === golden.kernel) expect(now.processed, hint).toBe(golden.processed)
    const share = now.processed / golden.processed
    expect(share, `${kernel} against ${golden.kernel}`).toBeGreaterThan(OTHER_KERNELS.least)
    expect(share, `${kernel} against ${golden.kernel}`).toBeLessThan(OTHER_KERNELS.most)
  }, 60_000)
})
