/**
 * What keeps the verifier's work small: values of which it knows nothing. The same program with the opaque zero
 * replaced by a zero that it knows costs it many times as much.
 */
import { expect, test } from 'vitest'
import * as ebpf from '../ebpf/instruction.ts'
import { decode, encode, INSTRUCTION_SIZE, type Instruction } from '../ebpf/instruction.ts'
import { linkSpecs } from '../ebpf/link-specs.ts'
import type { ProgramSpec } from '../ebpf/program-spec.ts'
import { createArena } from '../kernel/arena.ts'
import { describeInKernel } from '../kernel/kernel.fixture.ts'
import { loadProgram } from '../kernel/load-program.ts'
import { VerifierError } from '../kernel/verifier-error.ts'
import { encodeModule, type TestFunction } from './encode-module.fixture.ts'
import { mainProgram, OWN } from './three-ways.fixture.ts'
import { translate } from './translate.ts'

/** What the verifier gives up at. */
const MILLION = 1_000_000

/** Instructions that the verifier processed; the most there are, if it refused. */
function work(spec: ProgramSpec, name: string): number {
  using arena = createArena({ name: 'memory', size: 65536 })
  try {
    using program = loadProgram(linkSpecs(mainProgram([name]), spec), {
      type: 'SYSCALL',
      maps: { memory: arena },
    })
    const { processed } = program.statistics()
    expect(processed).toBeGreaterThan(0)
    return processed as number
  } catch (error) {
    if (error instanceof VerifierError && /too large|too complex|infinite loop/.test(error.reason))
      return MILLION
    throw error
  }
}

function replace(spec: ProgramSpec, by: (instruction: Instruction) => Instruction): ProgramSpec {
  return { ...spec, instructions: encode(decode(spec.instructions).map(by)) }
}

/** Every load of the opaque zero becomes a zero. */
function withKnownZero(spec: ProgramSpec): ProgramSpec {
  const { code } = ebpf.load(8, 0, 0, 0)
  return replace(spec, (instruction) =>
    instruction.code === code && instruction.offset === OWN.zero
      ? ebpf.aluImm(32, 'mov', instruction.dst, 0)
      : instruction,
  )
}

const translated = (f: TestFunction): ProgramSpec =>
  translate(encodeModule({ functions: [f] }), { memory: OWN, check: true }).spec

/** Loops in loops, with a counter of which the kernel would follow each value. */
const NESTED: TestFunction = {
  name: 'nested',
  parameters: ['i64'],
  result: 'i64',
  locals: ['i64', 'i64', 'i64', 'i64'],
  body: `i64.const 0 local.set 1 loop i64.const 0 local.set 2 loop i64.const 0 local.set 3 loop
    local.get 4 local.get 1 local.get 2 i64.mul local.get 3 i64.add i64.xor local.set 4
    local.get 3 i64.const 1 i64.add local.tee 3 i64.const 20 i64.lt_u br_if 0 end
    local.get 2 i64.const 1 i64.add local.tee 2 i64.const 20 i64.lt_u br_if 0 end
    local.get 1 i64.const 1 i64.add local.tee 1 i64.const 20 i64.lt_u br_if 0 end local.get 4`,
}

/** Values with ranges, each compared on its own, all needed later: the kernel would follow what each branch says. */
const COMPARED: TestFunction = {
  name: 'compared',
  parameters: ['i32'],
  result: 'i64',
  locals: ['i64', 'i64', 'i64', 'i64', 'i64', 'i64', 'i64', 'i64', 'i64', 'i64', 'i64'],
  body: `loop ${Array.from({ length: 10 }, (_, i) => `local.get 0 i64.load8_u offset=${i} local.set ${i + 2}`).join(' ')}
    ${Array.from({ length: 10 }, (_, i) => `local.get ${i + 2} i64.const ${50 + i} i64.lt_u if local.get 0 i32.const ${i} i32.store8 offset=${64 + i} end`).join(' ')}
    local.get 1 ${Array.from({ length: 10 }, (_, i) => `local.get ${i + 2} i64.add`).join(' ')} local.set 1
    local.get 0 i32.const 8 i32.sub local.tee 0 br_if 0 end local.get 1`,
}

/** Branches one behind the other, that leave different known values. */
const DIAMONDS: TestFunction = {
  name: 'diamonds',
  parameters: ['i64'],
  result: 'i64',
  locals: ['i64', 'i32'],
  body: `loop i64.const 0 local.set 1 ${Array.from(
    { length: 11 },
    (_, i) =>
      `local.get 0 i64.const ${1 << i} i64.and i64.const ${i & 1 ? 0 : 1 << i} i64.eq
       if local.get 1 i64.const ${2 ** i} i64.or local.set 1 end`,
  ).join(' ')}
    local.get 0 i64.const 5 i64.rotl local.get 1 i64.add local.set 0 local.get 2 i32.const 1 i32.add local.tee 2 i32.const 50 i32.lt_u br_if 0 end local.get 0`,
}

/** Work with the zero unknown to the verifier, and known, for each instruction of the program. */
function compareWork(f: TestFunction): { unknown: number; known: number } {
  const spec = translated(f)
  const count = spec.instructions.length / INSTRUCTION_SIZE
  return { unknown: work(spec, f.name) / count, known: work(withKnownZero(spec), f.name) / count }
}

describeInKernel('the verifier', () => {
  test.each([NESTED, COMPARED])(
    'looks at $name loops a few times, but follows values when it knows the zero',
    (f) => {
      const { unknown, known } = compareWork(f)
      expect(unknown).toBeLessThan(20)
      expect(known).toBeGreaterThan(2 * unknown)
    },
  )

  // phis behind branches keep their ranges: each branch doubles the work
  test('looks at branches that leave different known values a few times', () => {
    expect(compareWork(DIAMONDS).unknown).toBeLessThan(20)
  })
})
