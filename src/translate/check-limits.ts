/** Last pass: holds the program to what the kernel's verifier allows, and names the functions that break it. */
import { TranslateError } from './errors.ts'

export const LIMITS = {
  /** Frames of a program; up to Linux 7.0. */
  FRAMES: 8,
  /** Bytes of the stack of all frames on a chain of calls. */
  STACK: 512,
  /** Bytes of that for the main program, which calls the translated functions. */
  MAIN_STACK: 64,
  /** Bytes that the kernel adds to a frame with a loop. */
  LOOP_STACK: 16,
  /** Functions of a program, the main one included. */
  FUNCTIONS: 256,
} as const

/** What the limits depend on. */
export interface FunctionShape {
  readonly name: string
  readonly parameters: number
  readonly slots: number
  readonly hasLoop: boolean
  readonly callees: readonly number[]
}

/** Bytes of the kernel's stack that a call takes: values lie in frames of their own, in memory. */
export function stackBytes({ hasLoop }: FunctionShape): number {
  return hasLoop ? LIMITS.LOOP_STACK : 0
}

/** The chain of calls for which `cost` adds up to the most. */
function worstChain(
  shapes: ReadonlyMap<number, FunctionShape>,
  cost: (shape: FunctionShape) => number,
): { total: number; names: string[] } {
  const known = new Map<number, { total: number; names: string[] }>()
  const visit = (f: number): { total: number; names: string[] } => {
    const done = known.get(f)
    if (done) return done
    const shape = shapes.get(f) as FunctionShape
    let worst: { total: number; names: string[] } = { total: 0, names: [] }
    for (const callee of shape.callees) {
      const below = visit(callee)
      if (below.total > worst.total || worst.names.length === 0) worst = below
    }
    const result = { total: worst.total + cost(shape), names: [shape.name, ...worst.names] }
    known.set(f, result)
    return result
  }
  let worst = { total: 0, names: [] as string[] }
  for (const f of shapes.keys()) {
    const chain = visit(f)
    if (chain.total > worst.total) worst = chain
  }
  return worst
}

/** Throws TranslateError for the first limit that is broken. */
export function checkLimits(shapes: ReadonlyMap<number, FunctionShape>): { depth: number; stack: number } {
  if (shapes.size + 1 > LIMITS.FUNCTIONS)
    throw new TranslateError(
      'FUNCTIONS',
      `Cannot translate: ${shapes.size} functions and the main program are more than ${LIMITS.FUNCTIONS}`,
    )
  const depth = worstChain(shapes, () => 1)
  if (depth.total + 1 > LIMITS.FRAMES)
    throw new TranslateError(
      'DEPTH',
      `Cannot translate: ${depth.total} functions on a chain of calls, at most ${LIMITS.FRAMES - 1}: ${depth.names.join(' → ')}`,
    )
  const stack = worstChain(shapes, stackBytes)
  if (stack.total + LIMITS.MAIN_STACK > LIMITS.STACK)
    throw new TranslateError(
      'STACK',
      `Cannot translate: ${stack.total} bytes of stack on a chain of calls, at most ${LIMITS.STACK - LIMITS.MAIN_STACK}: ${stack.names.join(' → ')}`,
    )
  return { depth: depth.total, stack: stack.total }
}
