import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formOf } from './form-of.ts'
import * as make from './instruction.ts'
import { FORMS } from './instruction-table.ts'
import { anyInstruction, instructionOf } from './random-instruction.fixture.ts'

const hex = (...instructions: make.Instruction[]) => Buffer.from(make.encode(instructions)).toString('hex')

describe('the instruction table', () => {
  it('tells each form from all others', () => {
    for (const form of FORMS) {
      fc.assert(
        fc.property(instructionOf(form), ({ instructions }) => {
          expect(formOf(instructions[0]!)).toBe(form)
        }),
        { numRuns: 10 },
      )
    }
  })

  it('names each text once', () => {
    expect(new Set(FORMS.map((form) => form.text)).size).toBe(FORMS.length)
  })
})

describe('encode and decode', () => {
  it('are inverse over the whole table', () => {
    fc.assert(
      fc.property(fc.array(anyInstruction), (all) => {
        const instructions = all.flatMap((any) => any.instructions)
        expect(make.decode(make.encode(instructions))).toEqual(instructions)
      }),
    )
  })

  it('follow struct bpf_insn', () => {
    expect(hex(make.aluReg(64, 'add', 1, 2))).toBe('0f21000000000000')
    expect(hex(make.aluImm(32, 'mov', 3, -2))).toBe('b4030000feffffff')
    expect(hex(make.load(4, 1, 2, -8))).toBe('6121f8ff00000000')
    expect(hex(make.castToArena(4, 4))).toBe('bf44010001000000')
    expect(hex(make.castToUser(4, 4))).toBe('bf44010000000100')
    expect(hex(...make.loadImm64(0, 0x1122_3344_5566_7788n))).toBe('18000000887766550000000044332211')
    expect(hex(make.mayGoto(5))).toBe('e500050000000000')
    expect(hex(make.longJump(70000))).toBe('0600000070110100')
    expect(hex(make.aluReg(32, 'smod', 1, 2))).toBe('9c21010000000000')
    expect(hex(make.moveSigned(64, 32, 1, 2))).toBe('bf21200000000000')
    expect(hex(make.moveSigned(32, 32, 1, 2))).toBe(hex(make.aluReg(32, 'mov', 1, 2)))
    expect(hex(make.atomic(64, 'cmpxchg', 1, 8, 2))).toBe('db210800f1000000')
    expect(hex(make.byteSwap('bswap', 64, 3))).toBe('d703000040000000')
  })

  it('refuse fields out of range', () => {
    expect(() => make.encode([make.exit(), make.jump(40000)])).toThrow(
      /Cannot encode instruction 1: .*offset 40000/,
    )
    expect(() => make.encode([make.aluReg(64, 'mov', 11, 0)])).toThrow(/out of range/)
  })

  it('refuse bytes that are no instruction', () => {
    const bytes = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'))
    expect(() => make.decode(bytes('9500000000000000 ff'))).toThrow(/no multiple of 8/)
    expect(() => make.decode(bytes('9500000000000000 9500000001000000'))).toThrow(
      /Cannot decode instruction 1/,
    )
    expect(() => make.decode(bytes('bfb1000000000000'))).toThrow(/src 11/)
    expect(() => make.decode(bytes('1801000000000000'))).toThrow(/second half/)
    expect(() => make.decode(bytes('1801000000000000 9500000000000000'))).toThrow(/second half/)
  })
})
