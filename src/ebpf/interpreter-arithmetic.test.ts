import { describe, expect, it } from 'vitest'
import { EDGE_VALUES, expectedAlu, expectedCondition } from './edge-values.fixture.ts'
import * as make from './instruction.ts'
import { ALU_OPERATIONS, CONDITIONS } from './instruction-table.ts'
import { Interpreter } from './interpreter.ts'

/** A function f(r1, r2) of these instructions, with `exit` after them. */
function interpret(...body: make.Instruction[]): (a: bigint, b?: bigint) => bigint {
  const instructions = make.encode([...body, make.exit()])
  const functions = [{ name: 'f', start: 0, parameters: 2, linkage: 'global' }] as const
  const vm = new Interpreter({ instructions, functions, references: [] }, { arena: new Uint8Array(64) })
  return (a, b = 0n) => vm.call('f', a, b)
}

const ops = Object.keys(ALU_OPERATIONS) as make.AluOp[]
const conds = Object.keys(CONDITIONS) as make.Cond[]
const PAIRS = EDGE_VALUES.flatMap((a) => EDGE_VALUES.map((b) => [a, b] as const))
const IMMEDIATES = [-0x8000_0000, -2, -1, 0, 1, 5, 31, 32, 63, 0x7fff_ffff]

describe.each([64, 32] as const)('arithmetic of %i bits', (width) => {
  it.each(ops)('%s with a register', (op) => {
    const f = interpret(make.aluReg(64, 'mov', 0, 1), make.aluReg(width, op, 0, 2))
    for (const [a, b] of PAIRS) expect(f(a, b), `${op}(${a}, ${b})`).toBe(expectedAlu(op, width, a, b))
  })

  it.each(ops)('%s with an immediate', (op) => {
    for (const imm of IMMEDIATES) {
      const f = interpret(make.aluReg(64, 'mov', 0, 1), make.aluImm(width, op, 0, imm))
      const refused = (/div|mod/.test(op) && imm === 0) || (/sh$/.test(op) && (imm < 0 || imm >= width))
      if (refused) expect(() => f(1n)).toThrow(/the verifier refuses/)
      else
        for (const a of EDGE_VALUES)
          expect(f(a), `${op}(${a}, ${imm})`).toBe(expectedAlu(op, width, a, BigInt(imm)))
    }
  })

  it('negation', () => {
    const f = interpret(make.aluReg(64, 'mov', 0, 1), make.negate(width, 0))
    for (const a of EDGE_VALUES) expect(f(a)).toBe(BigInt.asUintN(width, -a))
  })

  it.each([8, 16, 32] as const)('moves with sign extension from %i bits', (bits) => {
    const f = interpret(make.moveSigned(width, bits, 0, 1))
    for (const a of EDGE_VALUES) expect(f(a)).toBe(BigInt.asUintN(width, BigInt.asIntN(bits, a)))
  })

  it.each(conds)('comparison %s', (cond) => {
    const yes = [make.aluImm(64, 'mov', 0, 1)]
    const no = [make.aluImm(64, 'mov', 0, 0), make.exit()]
    const f = interpret(make.jumpReg(width, cond, 1, 2, 2), ...no, ...yes)
    for (const [a, b] of PAIRS) {
      expect(f(a, b), `${a} ${cond} ${b}`).toBe(expectedCondition(cond, width, a, b) ? 1n : 0n)
    }
    for (const imm of IMMEDIATES) {
      const g = interpret(make.jumpImm(width, cond, 1, imm, 2), ...no, ...yes)
      for (const a of EDGE_VALUES) {
        expect(g(a), `${a} ${cond} ${imm}`).toBe(expectedCondition(cond, width, a, BigInt(imm)) ? 1n : 0n)
      }
    }
  })
})

describe('orders of bytes', () => {
  const reverse = (value: bigint, bits: number) =>
    BigInt(
      `0x${value
        .toString(16)
        .padStart(bits / 4, '0')
        .match(/../g)!
        .reverse()
        .join('')}`,
    )

  it.each([16, 32, 64] as const)('of %i bits', (bits) => {
    for (const kind of ['le', 'be', 'bswap'] as const) {
      const f = interpret(make.aluReg(64, 'mov', 0, 1), make.byteSwap(kind, bits, 0))
      for (const a of EDGE_VALUES) {
        const cut = BigInt.asUintN(bits, a)
        expect(f(a), `${kind}${bits} ${a}`).toBe(kind === 'le' ? cut : reverse(cut, bits))
      }
    }
  })
})

describe('64-bit immediates', () => {
  it('are loaded whole', () => {
    for (const a of EDGE_VALUES) expect(interpret(...make.loadImm64(0, a))(0n)).toBe(a)
  })
})
