/** The error for a program that the verifier refuses. */
import type { ProgramSpec, SourcePosition } from '../ebpf/program-spec.ts'
import { KernelError } from './errors.ts'
import { parseComplaint } from './verifier-log.ts'

export class VerifierError extends KernelError {
  override readonly name = 'VerifierError'
  /** The verifier's own words. */
  readonly reason: string
  /** Index of the instruction at which it stopped, where the log tells. */
  readonly instruction: number | undefined
  /** The function with that instruction. */
  readonly function: string | undefined
  /** Where that instruction comes from. */
  readonly position: SourcePosition | undefined
  /** The last useful lines of the log, the cause at their end. */
  readonly lines: readonly string[]
  /** All that the kernel wrote, up to many megabytes. */
  readonly log: string

  constructor(name: string, spec: ProgramSpec, log: string, errno: string) {
    const complaint = parseComplaint(log)
    const { instruction, lines } = complaint
    const reason = complaint.cause ?? `it gives no reason (${errno})`
    const inside = spec.functions.findLast(({ start }) => instruction !== undefined && start <= instruction)
    const position = instruction === undefined ? undefined : spec.positionOf?.(instruction)
    const place = [
      instruction === undefined ? '' : ` at instruction ${instruction}`,
      inside === undefined ? '' : ` of ${inside.name}`,
      position === undefined ? '' : ` (${formatPosition(position)})`,
    ].join('')
    const hint = 'this program does not suit this kernel: report it with the log of the verifier'
    super('VERIFIER', `Cannot load program ${name}: the verifier refuses it${place}: ${reason}`, hint, errno)
    this.reason = reason
    this.instruction = instruction
    this.function = inside?.name
    this.position = position
    this.lines = lines
    this.log = log
  }
}

/** `vm/assembly/state.ts:12, wasm offset 0x1f2` */
export function formatPosition({ wasmOffset, file, line }: SourcePosition): string {
  const source = file === undefined ? [] : [line === undefined ? file : `${file}:${line}`]
  return [...source, `wasm offset 0x${wasmOffset.toString(16)}`].join(', ')
}
