/** Random instructions over the whole table, for tests. */
import fc from 'fast-check'
import { FORMS, type Form, type Instruction, type Placeholder } from './instruction-table.ts'

export interface AnyInstruction {
  readonly form: Form
  /** One slot, or the two of a 64-bit immediate load. */
  readonly instructions: readonly Instruction[]
}

const edgy = (min: number, max: number) =>
  fc.oneof(fc.integer({ min, max }), fc.constantFrom(min, max, -1, 0, 1, 127, -128))

/** Values of all fields for a form; those that it fixes are fixed. */
export function instructionOf(form: Form): fc.Arbitrary<AnyInstruction> {
  const names = [...form.text.matchAll(/\{(\w+)\}/g)].map((m) => m[1] as Placeholder)
  const wide = names.some((name) => name === 'imm64' || name === 'value')
  return fc
    .record({
      dst: fc.nat(10),
      src: fc.nat(10),
      offset: edgy(-0x8000, 0x7fff),
      imm: edgy(-0x8000_0000, 0x7fff_ffff),
      high: edgy(-0x8000_0000, 0x7fff_ffff),
    })
    .map(({ high, ...fields }) => {
      const count = names.some((name) => ['helper', 'kfunc', 'map', 'value'].includes(name))
      if (count) fields.imm &= 0x7fff_ffff
      const instruction = { code: form.code, ...fields, ...form.fixed }
      const half = { code: 0, dst: 0, src: 0, offset: 0, imm: wide ? high : 0 }
      return {
        form,
        instructions: form.operation.kind === 'load-imm64' ? [instruction, half] : [instruction],
      }
    })
}

export const anyInstruction: fc.Arbitrary<AnyInstruction> = fc.constantFrom(...FORMS).chain(instructionOf)
