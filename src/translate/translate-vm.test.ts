/** The VM itself, translated: the same bytes each time, within limits, and with the positions of its source. */

import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { describeUnless } from '../../test/needs.fixture.ts'
import { KERNEL_WASM, vmOptions } from '../../tools/build/kernel-vm.ts'
import { INSTRUCTION_SIZE } from '../ebpf/instruction.ts'
import type { ProgramSpec } from '../ebpf/program-spec.ts'
import { LIMITS } from './check-limits.ts'
import { translate } from './translate.ts'

const isBuilt = existsSync(KERNEL_WASM) && existsSync(`${KERNEL_WASM}.map`)

/** Files of the VM in which the instructions of a function stand, with how many of them do. */
function filesOf({ functions, instructions, positionOf }: ProgramSpec, name: string): Map<string, number> {
  const i = functions.findIndex((fn) => fn.name === name)
  const end = functions[i + 1]?.start ?? instructions.length / INSTRUCTION_SIZE
  const files = new Map<string, number>()
  for (let at = functions[i]?.start ?? 0; at < end; at++) {
    const file = /vm\/.*/.exec(positionOf?.(at)?.file ?? '')?.[0]
    if (file !== undefined) files.set(file, (files.get(file) ?? 0) + 1)
  }
  return files
}

describeUnless(!isBuilt && `${KERNEL_WASM} isn't built`)('the VM', () => {
  test('is translated to the same bytes each time, all intermediate code being right', () => {
    const bytes = readFileSync(KERNEL_WASM)
    const first = translate(bytes, vmOptions())
    const second = translate(bytes, { ...vmOptions(), check: true })
    expect(Buffer.compare(first.spec.instructions, second.spec.instructions)).toBe(0)
    expect(second.spec.functions).toEqual(first.spec.functions)
    expect(second.report).toEqual(first.report)
  }, 240_000)

  const { spec, report } = isBuilt
    ? translate(readFileSync(KERNEL_WASM), vmOptions())
    : { spec: undefined as never, report: undefined as never }

  test('keeps within the limits of the kernel', () => {
    expect(report.functions).toBeLessThan(LIMITS.FUNCTIONS - 10)
    expect(report.depth).toBeLessThan(LIMITS.FRAMES)
    expect(report.stack).toBeLessThanOrEqual(LIMITS.STACK - LIMITS.MAIN_STACK)
    expect(report.frames).toBeLessThanOrEqual(vmOptions().memory?.frames.bytes ?? 0)
    expect(report.instructions).toBe(spec.instructions.length / INSTRUCTION_SIZE)
    expect(spec.functions.map(({ name }) => name)).toContain('enter')
  })

  test('knows the files of its source, which exist', () => {
    const files = new Set(spec.functions.flatMap(({ name }) => [...filesOf(spec, name).keys()]))
    for (const file of files) expect(existsSync(file), file).toBe(true)
    expect([...files]).toContain('vm/assembly/enter.ts')
  })

  test('has its functions’ instructions where their names say', () => {
    // a function is called after its file; some of it comes from elsewhere, since it was inlined
    const found = spec.functions.filter(({ name }) =>
      [...filesOf(spec, name).keys()].some((file) => {
        const base = /([\w-]+)\.ts$/.exec(file)?.[1] as string
        return name.startsWith(`${base.replaceAll('-', '_')}_`)
      }),
    )
    expect(found.length).toBeGreaterThan(0.8 * spec.functions.length)
  })
})
