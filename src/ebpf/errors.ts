/** Errors of the eBPF tools: a stable code, `Cannot X: reason`, and what to do next. */

import type { SourcePosition } from './program-spec.ts'

export type EbpfErrorCode =
  | 'EBPF_INSTRUCTION'
  | 'EBPF_ASSEMBLY'
  | 'EBPF_LINK'
  | 'EBPF_SPEC_FILE'
  | 'EBPF_INTERPRETER'

export class EbpfError extends Error {
  override readonly name: string = 'EbpfError'
  readonly code: EbpfErrorCode

  constructor(code: EbpfErrorCode, message: string) {
    super(message)
    this.code = code
  }
}

/** Bytes or fields that are no instruction. */
export class InstructionError extends EbpfError {
  override readonly name = 'InstructionError'

  constructor(message: string) {
    super('EBPF_INSTRUCTION', message)
  }
}

/** Text that is no program. */
export class AssemblyError extends EbpfError {
  override readonly name = 'AssemblyError'
  /** From 1. */
  readonly line: number
  /** From 1. */
  readonly column: number
  readonly reason: string

  /** `source` is the whole line, which the message shows. */
  constructor(line: number, column: number, reason: string, source: string) {
    const caret = `${source.slice(0, column - 1).replace(/\S/g, ' ')}^`
    super('EBPF_ASSEMBLY', `Cannot assemble line ${line}, column ${column}: ${reason}\n${source}\n${caret}`)
    this.line = line
    this.column = column
    this.reason = reason
  }
}

/** Specs that don't fit together. */
export class LinkError extends EbpfError {
  override readonly name = 'LinkError'

  constructor(message: string) {
    super('EBPF_LINK', message)
  }
}

/** Bytes that are no file of a spec. */
export class SpecFileError extends EbpfError {
  override readonly name = 'SpecFileError'

  constructor(message: string) {
    super('EBPF_SPEC_FILE', message)
  }
}

/** An instruction that breaks a rule: the verifier would refuse it, or the interpreter's limits are reached. */
export class InterpreterError extends EbpfError {
  override readonly name = 'InterpreterError'
  /** Index of the instruction. */
  readonly instruction: number
  readonly disassembly: string
  readonly functionName: string
  readonly reason: string
  readonly position: SourcePosition | undefined

  constructor(
    instruction: number,
    disassembly: string,
    functionName: string,
    reason: string,
    position: SourcePosition | undefined,
  ) {
    const source = position?.file === undefined ? '' : ` (${position.file}:${position.line ?? '?'})`
    const place = `instruction ${instruction} of ${functionName}${source}`
    super('EBPF_INTERPRETER', `Cannot run ${place}, \`${disassembly}\`: ${reason}`)
    this.instruction = instruction
    this.disassembly = disassembly
    this.functionName = functionName
    this.reason = reason
    this.position = position
  }
}
