/**
 * Instructions as text, in the syntax of the kernel's verifier log with LLVM's `ll` after 64-bit immediates.
 * What it prints, `assemble.ts` reads.
 */
import { formOf } from './form-of.ts'
import { helperName } from './helper-functions.ts'
import { type Instruction, isWide } from './instruction.ts'
import { FORMS, type Form, type Placeholder } from './instruction-table.ts'
import type { Reference } from './program-spec.ts'

/** What an instruction refers to, where it is known by name. */
export interface Names {
  /** The reference at this instruction. */
  readonly reference?: Reference | undefined
  /** A label at the target of a jump. */
  readonly target?: string | undefined
  /** The function at the target of a call. */
  readonly callee?: string | undefined
}

type Printer = (instruction: Instruction, next: Instruction | undefined, names: Names) => string

const signed = (value: number) => (value < 0 ? `${value}` : `+${value}`)

function wideValue(instruction: Instruction, next: Instruction | undefined): string {
  const low = BigInt.asUintN(32, BigInt(instruction.imm))
  const high = BigInt.asUintN(32, BigInt(next?.imm ?? 0))
  return `0x${((high << 32n) | low).toString(16)}`
}

const referenceName = (names: Names) => names.reference?.name

function value(instruction: Instruction, next: Instruction | undefined, { reference }: Names): string {
  const name = reference?.name ?? instruction.imm
  const offset = reference?.kind === 'map-value' ? reference.offset : (next?.imm ?? 0)
  return offset === 0 ? `${name}` : `${name}${signed(offset)}`
}

const PRINTERS: Record<Placeholder, Printer> = {
  dst: ({ dst }) => `${dst}`,
  src: ({ src }) => `${src}`,
  offset: ({ offset }) => signed(offset),
  imm: ({ imm }) => `${imm}`,
  word: ({ imm }) => `${imm}`,
  jump: ({ offset }, _, { target }) => target ?? signed(offset),
  longjump: ({ imm }, _, { target }) => target ?? signed(imm),
  call: ({ imm }, _, names) => {
    const name = referenceName(names) ?? names.callee
    return name === undefined ? `pc${signed(imm)}` : `function ${name}`
  },
  helper: ({ imm }) => `${helperName(imm) ?? 'helper'}#${imm}`,
  kfunc: ({ imm }, _, names) => referenceName(names) ?? `${imm}`,
  imm64: wideValue,
  map: ({ imm }, _, names) => referenceName(names) ?? `${imm}`,
  value,
}

type Part = string | Printer

/** The text of a form cut at its placeholders, which are the odd parts. */
function partsOf(form: Form): Part[] {
  return form.text.split(/\{(\w+)\}/).map((text, i) => (i % 2 === 0 ? text : PRINTERS[text as Placeholder]))
}

const PARTS = new Map(FORMS.map((form) => [form, partsOf(form)]))

/**
 * The text of an instruction; `next` is the second half of a 64-bit immediate load. Jumps are shown with their
 * distance where `names` has no label for the target.
 */
export function disassemble(instruction: Instruction, next?: Instruction, names: Names = {}): string {
  const form = formOf(instruction)
  if (form === undefined) {
    const { code, dst, src, offset, imm } = instruction
    return `; no instruction: code ${code}, dst ${dst}, src ${src}, offset ${offset}, imm ${imm}`
  }
  const second = isWide(instruction) ? next : undefined
  return PARTS.get(form)!
    .map((part) => (typeof part === 'string' ? part : part(instruction, second, names)))
    .join('')
}
