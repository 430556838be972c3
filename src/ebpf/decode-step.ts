/** From an instruction to a step of the interpreter: the row of the instruction table decides which. */
import { join64, split64 } from './arithmetic64.ts'
import { formOf } from './form-of.ts'
import type { Frames } from './frames.ts'
import { helperName } from './helper-functions.ts'
import type { Instruction } from './instruction.ts'
import type { Operation } from './instruction-table.ts'
import { Fault, FRAME_POINTER, IMMEDIATE, KIND, type Machine } from './machine.ts'
import type { FunctionSpec, Reference } from './program-spec.ts'
import type { Step } from './step.ts'
import { aluImmStep, aluRegStep, castStep, moveSignedStep, negateStep, swapStep } from './step-alu.ts'
import { branchImmStep, branchRegStep, mayGotoStep } from './step-control.ts'
import { atomicStep, loadSignedStep, loadStep, type Memory, storeStep } from './step-memory.ts'

/** A function of the kernel, for tests: arguments are r1 to r5, unsigned, 0 where one holds nothing. */
export type KernelFunction = (...args: bigint[]) => bigint

/** What steps are made from. */
export interface Program {
  readonly machine: Machine
  readonly memory: Memory
  readonly frames: Frames
  /** Helpers and kfuncs by name. */
  readonly kernel: Readonly<Record<string, KernelFunction>>
  readonly instructionAt: (index: number) => Instruction
  readonly functionAt: (index: number) => FunctionSpec | undefined
  /** Where the function that holds an instruction starts and ends. */
  readonly boundsOf: (index: number) => readonly [number, number]
  readonly referenceAt: (index: number) => Reference | undefined
}

/** Kinds of instructions that write the register in their dst field. */
const WRITES_DST: ReadonlySet<Operation['kind']> = new Set([
  'alu',
  'negate',
  'swap',
  'move-signed',
  'cast',
  'load',
  'load-imm64',
])

function callFunction({ frames, functionAt, referenceAt }: Program, target: number, next: number): Step {
  const callee = functionAt(target)
  if (callee === undefined || referenceAt(next - 1) !== undefined)
    throw new Fault('no function starts there. Link the specs first.')
  return () => frames.enter(callee, next)
}

function callKernel({ machine, frames, kernel }: Program, name: string, next: number): Step {
  const handler = kernel[name]
  if (handler === undefined) throw new Fault(`the interpreter was given no function ${name}`)
  const { words, kinds } = machine
  return () => {
    const args = [1, 2, 3, 4, 5].map((r) =>
      kinds[r] === KIND.NONE ? 0n : BigInt.asUintN(64, join64(words[2 * r]!, words[2 * r + 1]!)),
    )
    split64(words, 0, handler(...args))
    kinds[0] = KIND.SCALAR
    frames.loseArguments()
    return next
  }
}

function loadImm64(program: Program, at: number, { dst, imm }: Instruction, of: string): Step {
  const { machine: m } = program
  const high = program.instructionAt(at + 1).imm
  const next = at + 2
  const set = (kind: 1 | 4 | 5, low: number, upper: number) => () => {
    m.set(dst, kind, low, upper)
    return next
  }
  if (of === 'value') return set(KIND.SCALAR, imm, high)
  if (of !== 'map-value') return set(KIND.OPAQUE, 0, 0)
  const reference = program.referenceAt(at)
  const name = reference?.kind === 'map-value' ? reference.name : undefined
  const number = m.blocks.findIndex((block, i) => i > 0 && block.name === name)
  if (number < 0) throw new Fault(`the interpreter was given no value of the map ${name ?? imm}`)
  return set(KIND.BLOCK, reference?.kind === 'map-value' ? reference.offset : high, number)
}

/** Steps of jumps and calls. */
function controlStep(
  program: Program,
  at: number,
  instruction: Instruction,
  operation: Operation,
): Step | undefined {
  const { machine: m, frames } = program
  const { dst, src, offset, imm } = instruction
  const next = at + 1
  const [start, end] = program.boundsOf(at)
  const to = (target: number) => {
    if (target < start || target >= end)
      throw new Fault(`the jump leaves its function, instructions ${start} to ${end - 1}`)
    return target
  }
  switch (operation.kind) {
    case 'goto': {
      const target = to(next + (operation.long ? imm : offset))
      return () => target
    }
    case 'branch': {
      const { cond, width, operand } = operation
      const target = to(next + offset)
      if (operand === 'reg') return branchRegStep(m, cond, width, dst, src, target, next)
      return branchImmStep(m, cond, width, dst, imm, target, next)
    }
    case 'may-goto':
      return mayGotoStep(m, to(next + offset), next)
    case 'call': {
      if (operation.callee === 'function') return callFunction(program, next + imm, next)
      const name = operation.callee === 'helper' ? helperName(imm) : program.referenceAt(at)?.name
      return callKernel(program, name ?? `number ${imm}`, next)
    }
    case 'exit':
      return () => frames.leave()
    default:
      return undefined
  }
}

function memoryStep(
  program: Program,
  instruction: Instruction,
  operation: Operation,
  next: number,
): Step | undefined {
  const { machine: m, memory } = program
  const { dst, src, offset, imm } = instruction
  switch (operation.kind) {
    case 'load': {
      const make = operation.signed ? loadSignedStep : loadStep
      return make(m, memory, operation.bytes, dst, src, offset, next)
    }
    case 'store': {
      if (operation.operand === 'reg') return storeStep(m, memory, operation.bytes, dst, offset, src, next)
      const store = storeStep(m, memory, operation.bytes, dst, offset, IMMEDIATE, next)
      return () => {
        m.setImmediate(imm)
        return store()
      }
    }
    case 'atomic':
      return atomicStep(m, memory, operation.op, operation.width, dst, offset, src, next)
    case 'ordered':
      if (operation.op === 'load_acquire') return loadStep(m, memory, operation.bytes, dst, src, offset, next)
      return storeStep(m, memory, operation.bytes, dst, offset, src, next)
    default:
      return undefined
  }
}

function valueStep(
  m: Machine,
  instruction: Instruction,
  operation: Operation,
  next: number,
): Step | undefined {
  const { dst, src, imm } = instruction
  switch (operation.kind) {
    case 'alu':
      if (operation.operand === 'reg') return aluRegStep(m, operation.op, operation.width, dst, src, next)
      return aluImmStep(m, operation.op, operation.width, dst, imm, next)
    case 'negate':
      return negateStep(m, operation.width, dst, next)
    case 'swap':
      return swapStep(m, operation.swap, operation.bits, dst, next)
    case 'move-signed':
      return moveSignedStep(m, operation.width, operation.bits, dst, src, next)
    case 'cast':
      return castStep(m, operation.to, dst, src, next)
    default:
      return undefined
  }
}

/**
 * The step of the instruction at an index.
 * @throws Fault where the instruction could not be executed whatever the registers hold.
 */
export function decodeStep(program: Program, at: number): Step {
  const instruction = program.instructionAt(at)
  const operation = formOf(instruction)?.operation
  if (operation === undefined) throw new Fault('it is not in the instruction table')
  if (instruction.dst === FRAME_POINTER && WRITES_DST.has(operation.kind)) throw new Fault('r10 is read-only')
  const control = controlStep(program, at, instruction, operation)
  const wide = operation.kind === 'load-imm64'
  const next = at + (wide ? 2 : 1)
  const end = program.boundsOf(at)[1]
  const ends = operation.kind === 'exit' || operation.kind === 'goto'
  if (!ends && next >= end) throw new Fault('the function goes on behind its last instruction')
  if (control !== undefined) return control
  if (wide) return loadImm64(program, at, instruction, operation.of)
  const step = valueStep(program.machine, instruction, operation, next)
  return step ?? memoryStep(program, instruction, operation, next)!
}
