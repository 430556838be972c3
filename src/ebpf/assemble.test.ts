import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assemble } from './assemble.ts'
import { disassemble } from './disassemble.ts'
import { disassembleProgram } from './disassemble-program.ts'
import { AssemblyError } from './errors.ts'
import * as make from './instruction.ts'
import { FORMS } from './instruction-table.ts'
import { anyInstruction, instructionOf } from './random-instruction.fixture.ts'

const decoded = (text: string) => make.decode(assemble(text).instructions)

describe('assemble', () => {
  it('reads what disassemble prints, for each form', () => {
    for (const form of FORMS) {
      fc.assert(
        fc.property(instructionOf(form), ({ instructions }) => {
          expect(decoded(disassemble(instructions[0]!, instructions[1]))).toEqual(instructions)
        }),
        { numRuns: 20 },
      )
    }
  })

  it('reads listings of whole programs', () => {
    fc.assert(
      fc.property(fc.array(anyInstruction, { minLength: 1 }), (all) => {
        const instructions = make.encode(all.flatMap((any) => any.instructions))
        const functions = [{ name: 'f', start: 0, parameters: 2, linkage: 'global' }] as const
        const spec = { instructions, functions, references: [] }
        expect(assemble(disassembleProgram(spec))).toEqual(spec)
      }),
    )
  })

  it('takes labels, calls by name and comments', () => {
    const spec = assemble(`
      static func main(ctx)     ; the hook
        r6 = r1                 // kept
      again: may_goto out
        if w6 == 0xffffffff goto again
        call function leaf
        call bpf_ktime_get_ns
      out:
        exit
      global func leaf()
        r0 = 0
        gotol end
      end:
        exit`)
    expect(spec.functions).toEqual([
      { name: 'main', start: 0, parameters: 1, linkage: 'static' },
      { name: 'leaf', start: 6, parameters: 0, linkage: 'global' },
    ])
    expect(make.decode(spec.instructions)).toEqual([
      make.aluReg(64, 'mov', 6, 1),
      make.mayGoto(3),
      make.jumpImm(32, 'eq', 6, -1, -2),
      make.callFunction(2),
      make.callHelper(5),
      make.exit(),
      make.aluImm(64, 'mov', 0, 0),
      make.longJump(0),
      make.exit(),
    ])
  })

  it('leaves references for what it does not know', () => {
    const spec = assemble(`
      call function enter
      r1 = value counters+8 ll
      r2 = value counters ll
      r3 = map arena ll
      call kfunc bpf_dynptr_from_skb
      r4 = function callback ll`)
    expect(spec.references).toEqual([
      { kind: 'function', at: 0, name: 'enter' },
      { kind: 'map-value', at: 1, name: 'counters', offset: 8 },
      { kind: 'map-value', at: 3, name: 'counters', offset: 0 },
      { kind: 'map', at: 5, name: 'arena' },
      { kind: 'kfunc', at: 7, name: 'bpf_dynptr_from_skb' },
      { kind: 'function', at: 8, name: 'callback' },
    ])
    expect(make.decode(spec.instructions)[0]).toEqual(make.callFunction(-1))
    expect(make.decode(spec.instructions)[8]).toEqual(make.loadFunction(4)[0])
  })

  it("takes the kernel's forms of distances and helpers", () => {
    expect(decoded('goto pc+3\ncall helper#250\n*(u8 *)(r1) = 7\nr1 = *(u8 *)(r2 + 4)')).toEqual([
      make.jump(3),
      make.callHelper(250),
      make.storeImm(1, 1, 0, 7),
      make.load(1, 1, 2, 4),
    ])
  })

  it.each([
    [
      'exit\n  r1 += r11',
      2,
      9,
      /found "r11", expected a register r0 to r10 or an integer of 32 bits with its sign\./,
    ],
    ['r1 = *(u7 *)(r2)', 1, 8, /found "u7", expected "u8", "s8", .* or "u64"/],
    ['r1 += w2', 1, 7, /found "w2"/],
    ['r1 += 0xffffffff', 1, 7, /32 bits/],
    ['r1 =', 1, 5, /the line ends, expected/],
    ['exit exit', 1, 6, /found "exit", expected the end of the line/],
    ['r1 = -r2', 1, 7, /the same register again/],
    ['goto nowhere', 1, 6, /label nowhere is not defined/],
    ['a:\na: exit', 2, 1, /label a is already defined/],
    ['func f(\nexit', 1, 8, /name of an argument/],
    ['func f()\nexit\nfunc f()', 3, 6, /function f is already defined/],
    ['func f(a, b, c, d, e, f)', 1, 23, /at most 5/],
    [`func ${'f'.repeat(64)}()`, 1, 6, /at most 63/],
    ['call nothing', 1, 6, /a name of a helper/],
    ['call bpf_ktime_get_ns#6', 1, 23, /"5", the number of bpf_ktime_get_ns/],
    ['frob r1', 1, 1, /found "frob"/],
    ['r1 = 12x', 1, 6, /found "12x"/],
  ])('refuses %j', (text, line, column, reason) => {
    try {
      assemble(text)
    } catch (error) {
      expect(error).toBeInstanceOf(AssemblyError)
      expect(error).toMatchObject({ line, column, code: 'EBPF_ASSEMBLY' })
      expect((error as AssemblyError).reason).toMatch(reason)
      return
    }
    expect.unreachable()
  })

  it('refuses jumps that are too long', () => {
    const text = `goto far\n${'exit\n'.repeat(32768)}far: exit`
    expect(() => assemble(text)).toThrow(/line 1, column 6: far is 32768 instructions away; use gotol/)
  })
})
