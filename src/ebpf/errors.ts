/** Errors of the eBPF tools: a stable code, `Cannot X: reason`, and what to do next. */

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
