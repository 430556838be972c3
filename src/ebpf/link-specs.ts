/** Joins program specs: the main program of a hook with the functions that it calls. */
import { LinkError } from './errors.ts'
import { INSTRUCTION_SIZE } from './instruction.ts'
import type { FunctionSpec, ProgramSpec, Reference, SourcePosition } from './program-spec.ts'

interface Placed {
  readonly spec: ProgramSpec
  /** Index of its first instruction in the whole. */
  readonly start: number
}

function place(specs: readonly ProgramSpec[]): Placed[] {
  let start = 0
  return specs.map((spec) => {
    const placed = { spec, start }
    start += spec.instructions.length / INSTRUCTION_SIZE
    return placed
  })
}

/** Functions by name. */
function define(placed: readonly Placed[]): Map<string, FunctionSpec> {
  const functions = new Map<string, FunctionSpec>()
  for (const { spec, start } of placed) {
    for (const fn of spec.functions) {
      if (functions.has(fn.name)) {
        throw new LinkError(`Cannot link: function ${fn.name} is defined twice. Rename one of them.`)
      }
      functions.set(fn.name, { ...fn, start: fn.start + start })
    }
  }
  return functions
}

function callerOf(spec: ProgramSpec, at: number): string {
  return spec.functions.findLast(({ start }) => start <= at)?.name ?? 'the program'
}

function positionOf(placed: readonly Placed[]): (instruction: number) => SourcePosition | undefined {
  return (instruction) => {
    const part = placed.findLast(({ start }) => start <= instruction)
    return part?.spec.positionOf?.(instruction - part.start)
  }
}

/**
 * The functions of `main`, then those of each library, as one spec. Its references of kind `function` are
 * resolved; all others and the positions move along.
 * @throws LinkError on functions that are undefined or defined twice.
 */
export function linkSpecs(main: ProgramSpec, ...libraries: readonly ProgramSpec[]): ProgramSpec {
  const placed = place([main, ...libraries])
  const functions = define(placed)
  const last = placed.at(-1)!
  const instructions = new Uint8Array(last.start * INSTRUCTION_SIZE + last.spec.instructions.length)
  const view = new DataView(instructions.buffer)
  const references: Reference[] = []
  for (const { spec, start } of placed) {
    instructions.set(spec.instructions, start * INSTRUCTION_SIZE)
    for (const reference of spec.references) {
      const at = reference.at + start
      if (reference.kind !== 'function') {
        references.push({ ...reference, at })
        continue
      }
      const callee = functions.get(reference.name)
      if (callee === undefined) {
        const caller = callerOf(spec, reference.at)
        throw new LinkError(
          `Cannot link: function ${reference.name}, which ${caller} calls, is not defined. Link the spec that has it.`,
        )
      }
      view.setInt32(at * INSTRUCTION_SIZE + 4, callee.start - at - 1, true)
    }
  }
  const spec = { instructions, functions: [...functions.values()], references }
  const hasPositions = placed.some((part) => part.spec.positionOf !== undefined)
  return hasPositions ? { ...spec, positionOf: positionOf(placed) } : spec
}
