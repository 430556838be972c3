/** Labels become distances, long ones too. */
import { describe, expect, test } from 'vitest'
import * as ebpf from '../ebpf/instruction.ts'
import { Interpreter } from '../ebpf/interpreter.ts'
import type { ProgramSpec } from '../ebpf/program-spec.ts'
import { createArena } from '../kernel/arena.ts'
import { describeInKernel } from '../kernel/kernel.fixture.ts'
import { loadProgram } from '../kernel/load-program.ts'
import { MachineCode } from './machine-code.ts'

const LONG = 33_000
/** Distances at which a branch of 16 bits just reaches, and just doesn't. */
const EDGE = 32767

/** A function that returns 1 where the branch in r1's case is taken, 2 where it falls through. */
function program(write: (code: MachineCode, target: object) => void, between: number): ProgramSpec {
  const code = new MachineCode()
  const target = {}
  write(code, target)
  code.put(ebpf.aluImm(64, 'mov', 0, 2), ebpf.exit())
  for (let i = 0; i < between - 2; i += 2) code.put(ebpf.aluImm(64, 'mov', 0, 3), ebpf.exit())
  code.mark(target)
  code.put(ebpf.aluImm(64, 'mov', 0, 1), ebpf.exit())
  return specOf(code, 1)
}

function specOf(code: MachineCode, parameters: number): ProgramSpec {
  const instructions = ebpf.encode(code.resolve().map(({ instruction }) => instruction))
  return { instructions, functions: [{ name: 'f', start: 0, parameters, linkage: 'global' }], references: [] }
}

const run = (spec: ProgramSpec, arg: bigint, mayGoto?: number): bigint => {
  const options = mayGoto === undefined ? {} : { mayGoto }
  return new Interpreter(spec, { arena: new Uint8Array(8), maxInstructions: 1000, ...options }).call('f', arg)
}

describe.each([4, EDGE, EDGE + 1, EDGE + 3, LONG])('over %i instructions', (between) => {
  test('a plain jump', () => {
    expect(
      run(
        program((code, target) => code.jump(target), between),
        0n,
      ),
    ).toBe(1n)
  })

  test('branches that compare with a constant and with a register', () => {
    const byConstant = program((code, target) => code.branchImm(32, 'gt', 1, 5, target), between)
    expect([run(byConstant, 6n), run(byConstant, 5n)]).toEqual([1n, 2n])
    const byRegister = program((code, target) => {
      code.put(ebpf.aluImm(64, 'mov', 2, -1))
      code.branchReg(64, 'slt', 1, 2, target)
    }, between)
    expect([run(byRegister, 0xffff_ffff_ffff_fffen), run(byRegister, 7n)]).toEqual([1n, 2n])
  })

  test('may_goto', () => {
    const spec = program((code, target) => code.mayGoto(target), between)
    expect([run(spec, 0n, 0), run(spec, 0n, 1)]).toEqual([1n, 2n])
  })
})

/** Counts to three, with so many instructions in the loop that both jumps are long. */
function longLoop(): ProgramSpec {
  const code = new MachineCode()
  const [again, end] = [{}, {}]
  code.put(ebpf.aluImm(64, 'mov', 0, 0), ebpf.aluImm(64, 'mov', 2, 0))
  code.mark(again)
  code.mayGoto(end)
  code.branchImm(64, 'eq', 2, 3, end)
  for (let i = 0; i < LONG; i++) code.put(ebpf.aluImm(64, 'add', 0, 1))
  code.put(ebpf.aluImm(64, 'add', 2, 1))
  code.jump(again)
  code.mark(end)
  code.put(ebpf.exit())
  return specOf(code, 0)
}

test('a loop with long jumps both ways', () => {
  const vm = new Interpreter(longLoop(), { arena: new Uint8Array(8) })
  expect(vm.call('f')).toBe(3n * BigInt(LONG))
})

test('jumps that become long push others over the edge', () => {
  const code = new MachineCode()
  const [near, far] = [{}, {}]
  // the first reaches its target only as long as the second is short
  code.branchImm(64, 'eq', 1, 1, near)
  code.branchImm(64, 'eq', 1, 2, far)
  code.put(ebpf.aluImm(64, 'mov', 0, 0), ebpf.exit())
  for (let i = 0; i < EDGE - 3; i++) code.put(ebpf.exit())
  code.mark(near)
  code.put(ebpf.aluImm(64, 'mov', 0, 1), ebpf.exit())
  for (let i = 0; i < 100; i++) code.put(ebpf.exit())
  code.mark(far)
  code.put(ebpf.aluImm(64, 'mov', 0, 2), ebpf.exit())
  const spec = specOf(code, 1)
  expect([0n, 1n, 2n].map((arg) => run(spec, arg))).toEqual([0n, 1n, 2n])
})

test('positions stay with their instructions', () => {
  const code = new MachineCode()
  const end = {}
  code.position = 7
  code.branchImm(64, 'eq', 1, 1, end)
  code.position = 9
  for (let i = 0; i < LONG; i++) code.put(ebpf.aluImm(64, 'mov', 0, 0))
  code.mark(end)
  code.put(ebpf.exit())
  const positions = code.resolve().map(({ position }) => position)
  expect(positions.slice(0, 4)).toEqual([7, 7, 7, 9])
  expect(positions).toHaveLength(LONG + 4)
})

describeInKernel('in the kernel', () => {
  test('a loop with long jumps both ways', () => {
    using arena = createArena({ name: 'memory', size: 65536 })
    const spec = longLoop()
    const main: ProgramSpec = {
      ...spec,
      functions: [{ name: 'main', start: 0, parameters: 1, linkage: 'static' }],
    }
    using loaded = loadProgram(main, { type: 'SYSCALL', maps: { memory: arena } })
    expect(loaded.run({ context: new Uint8Array(8) }).retval).toBe(3 * LONG)
  })
})
