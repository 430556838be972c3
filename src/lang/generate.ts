/**
 * The code generator, fourth stage of the compiler: from the resolved tree to protos. Every expression is
 * evaluated straight into the register where its value is wanted; variables are operands in place.
 */

import type { FunctionBody } from './ast.ts'
import { MOST_WORDS } from './code-buffer.ts'
import { ConstantPool } from './constant-pool.ts'
import type { Findings } from './diagnostics.ts'
import { type ChunkState, FunctionState, GenerationEnded, type Passes } from './function-state.ts'
import { jump } from './generate-condition.ts'
import { value, values } from './generate-expression.ts'
import { emitReturn, statements } from './generate-statement.ts'
import { liveRegisters } from './live-registers.ts'
import type { Proto, ProtoUpvalue } from './proto.ts'

/** What the chunk writer needs. The last proto is the main function. */
export interface Generated {
  readonly constants: ConstantPool
  readonly protos: readonly Proto[]
}

/** Generates code; undefined if a limit was exceeded, which is in `findings` then. */
export function generate(main: FunctionBody, findings: Findings, strip = false): Generated | undefined {
  const constants = new ConstantPool()
  const chunk: ChunkState = { constants, strip, protos: [], findings, passes: PASSES, depth: 0 }
  try {
    functionProto(chunk, main, undefined)
  } catch (error) {
    if (!(error instanceof GenerationEnded)) throw error
    return undefined
  }
  return chunk
}

const PASSES: Passes = {
  value,
  values,
  jump,
  inner: (f, body) => functionProto(f.chunk, body, f),
}

/** Generates a function, after the functions in it; returns its number. */
function functionProto(chunk: ChunkState, body: FunctionBody, outer: FunctionState | undefined): number {
  const f = new FunctionState(chunk, body, outer)
  if (body.vararg) f.code.abc('VARARGPREP', body.parameters.length, 0, 0, body.line)
  f.enter(body.block)
  for (const parameter of body.parameters) f.activate(parameter, f.reserve(1))
  statements(f, body.block)
  if (f.code.reachable) emitReturn(f, 0, 0, body.lastLine || body.block.lastLine)
  f.leave(body.lastLine, false)
  f.code.threadJumps()
  if (f.code.here > MOST_WORDS)
    f.refuse('limit', { what: 'instructions', limit: MOST_WORDS, where: where(body) })
  return (
    chunk.protos.push({
      parameters: body.parameters.length,
      vararg: body.vararg,
      frame: Math.max(f.frame, 2),
      firstLine: body.line,
      lastLine: body.lastLine,
      code: f.code,
      upvalues: body.upvalues.map(({ name, source }) => upvalue(f, name, source)),
      locals: f.locals,
      live: liveRegisters(f.code, f.locals),
    }) - 1
  )
}

function where(body: FunctionBody): string {
  return body.line === 0 ? 'main function' : `function at line ${body.line}`
}

function upvalue(
  f: FunctionState,
  name: string,
  source: FunctionBody['upvalues'][number]['source'],
): ProtoUpvalue {
  const constant = f.name(name)
  if ('upvalue' in source) return { inStack: false, index: source.upvalue, name: constant }
  return { inStack: true, index: f.outer!.registerOf(source.local), name: constant }
}
