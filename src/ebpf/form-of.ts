/** From an instruction to its row in the instruction table. */

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
