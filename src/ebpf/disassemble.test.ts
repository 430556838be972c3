import { describe, expect, it } from 'vitest'
import { assemble } from './assemble.ts'
import { disassemble } from './disassemble.ts'
import { disassembleProgram } from './disassemble-program.ts'
import * as make from './instruction.ts'

describe('disassemble', () => {
  it.each<[string, make.Instruction | [make.Instruction, make.Instruction]]>([
    ['r1 += r2', make.aluReg(64, 'add', 1, 2)],
    ['w1 s>>= 3', make.aluImm(32, 'arsh', 1, 3)],
    ['w1 s/= w2', make.aluReg(32, 'sdiv', 1, 2)],
    ['r3 = -r3', make.negate(64, 3)],
    ['r3 = be16 r3', make.byteSwap('be', 16, 3)],
    ['r1 = (s32)r2', make.moveSigned(64, 32, 1, 2)],
    ['r0 = addr_space_cast(r1, 0, 1)', make.castToArena(0, 1)],
    ['r0 = addr_space_cast(r1, 1, 0)', make.castToUser(0, 1)],
    ['*(u32 *)(r1 +8) = r2', make.store(4, 1, 8, 2)],
    ['*(u64 *)(r10 -16) = -1', make.storeImm(8, 10, -16, -1)],
    ['r1 = *(u8 *)(r2 +0)', make.load(1, 1, 2, 0)],
    ['r1 = *(s16 *)(r2 +4)', make.loadSigned(2, 1, 2, 4)],
    ['lock *(u64 *)(r1 +0) += r2', make.atomic(64, 'add', 1, 0, 2)],
    ['r2 = atomic_fetch_xor((u32 *)(r1 +4), r2)', make.atomic(32, 'fetch_xor', 1, 4, 2)],
    ['r0 = atomic64_cmpxchg((u64 *)(r1 -8), r0, r2)', make.atomic(64, 'cmpxchg', 1, -8, 2)],
    ['if w1 s> 5 goto +3', make.jumpImm(32, 'sgt', 1, 5, 3)],
    ['if r1 & r2 goto -1', make.jumpReg(64, 'set', 1, 2, -1)],
    ['may_goto +4', make.mayGoto(4)],
    ['gotol +70000', make.longJump(70000)],
    ['call pc+12', make.callFunction(12)],
    ['call bpf_ktime_get_ns#5', make.callHelper(5)],
    ['call kfunc 77', make.callKfunc(77)],
    ['exit', make.exit()],
    ['r1 = 0x1234 ll', make.loadImm64(1, 0x1234n)],
    ['r1 = 0xffffffffffffffff ll', make.loadImm64(1, -1n)],
    ['r1 = map 0 ll', make.loadMap(1)],
  ])('prints %s', (text, instruction) => {
    const [first, second] = Array.isArray(instruction) ? instruction : [instruction]
    expect(disassemble(first!, second)).toBe(text)
  })

  it('shows what is no instruction', () => {
    expect(disassemble({ code: 0xff, dst: 1, src: 2, offset: 3, imm: 4 })).toMatch(
      /no instruction: code 255, dst 1/,
    )
  })
})

const PROGRAM = `static func main(r1)
     0: r6 = r1
L1:
     1: may_goto L10                             ; loop.ts:7, wasm 0x12
     2: r1 = map arena ll
     4: r1 = value counters+8 ll
     6: call function twice
     7: call kfunc bpf_dynptr_size
     8: call function elsewhere
     9: if w0 s> 5 goto L1                       ; wasm 0x20
L10:
    10: exit

global func twice(r1, r2)
    11: r0 = r1
    12: goto +5
    13: exit
`

describe('disassembleProgram', () => {
  it('shows functions, labels, references and positions', () => {
    const spec = assemble(PROGRAM)
    const positionOf = (at: number) =>
      at >= 1 && at < 9
        ? { file: 'loop.ts', line: 7, wasmOffset: 0x12 }
        : at === 9
          ? { wasmOffset: 0x20 }
          : undefined
    expect(disassembleProgram({ ...spec, positionOf })).toBe(PROGRAM)
  })
})
