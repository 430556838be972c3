/** From an instruction to its row in the instruction table, and what that says of the fields. */

import { FORMS, type Form, type Instruction } from './instruction-table.ts'

const BY_CODE: readonly (readonly Form[])[] = Array.from({ length: 256 }, (_, code) =>
  FORMS.filter((form) => form.code === code),
)

/** The highest register: r10, the frame pointer. */
export const LAST_REGISTER = 10

function fits(form: Form, { dst, src, offset, imm }: Instruction): boolean {
  const { fixed } = form
  return (
    (fixed.dst === undefined ? dst <= LAST_REGISTER : fixed.dst === dst) &&
    (fixed.src === undefined ? src <= LAST_REGISTER : fixed.src === src) &&
    (fixed.offset === undefined || fixed.offset === offset) &&
    (fixed.imm === undefined || fixed.imm === imm)
  )
}

/** The form that these fields fill, or undefined where they are no instruction. */
export function formOf(instruction: Instruction): Form | undefined {
  for (const form of BY_CODE[instruction.code & 0xff]!) if (fits(form, instruction)) return form
  return undefined
}

/** The index of the slot that a jump or call leads to, or undefined for other instructions. */
export function targetOf(instruction: Instruction, index: number): number | undefined {
  const operation = formOf(instruction)?.operation
  switch (operation?.kind) {
    case 'branch':
    case 'may-goto':
      return index + 1 + instruction.offset
    case 'goto':
      return index + 1 + (operation.long ? instruction.imm : instruction.offset)
    case 'call':
      return operation.callee === 'function' ? index + 1 + instruction.imm : undefined
    case 'load-imm64':
      return operation.of === 'function' ? index + 1 + instruction.imm : undefined
    default:
      return undefined
  }
}
