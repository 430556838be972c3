/** The interpreter against the kernel: the same programs, the same results. */

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { describeUnless } from '../../test/needs.fixture.ts'
import { type Arena, createArena } from '../kernel/arena.ts'
import { missingCapabilities } from '../kernel/capabilities.ts'
import { KernelError } from '../kernel/errors.ts'
import { loadProgram } from '../kernel/load-program.ts'
import { assemble } from './assemble.ts'
import { disassemble } from './disassemble.ts'
import { EDGE_VALUES } from './edge-values.fixture.ts'
import * as make from './instruction.ts'
import { ALU_OPERATIONS, CONDITIONS, FORMS } from './instruction-table.ts'
import { Interpreter } from './interpreter.ts'
import { instructionOf } from './random-instruction.fixture.ts'
import { lines, REFUSED } from './refused-programs.fixture.ts'

const missing = missingCapabilities(['CAP_BPF', 'CAP_PERFMON'])

const ARENA_SIZE = 64 << 10
const CONTEXT_SIZE = 8 * 8

/** A program over r0 to r5, which are 64-bit values in the context at first and go back there at the end. */
function program(body: string): string {
  const values = [1, 2, 3, 4, 5]
  return `static func main(ctx)
    r9 = r1
    r1 = map arena ll
    ${values.map((r) => `r${r} = *(u64 *)(r9 +${8 * r})`).join('\n')}
    r0 = *(u64 *)(r9 +0)
    ${body}
    ${[0, ...values].map((r) => `*(u64 *)(r9 +${8 * r}) = r${r}`).join('\n')}
    r0 = 0
    exit`
}

/** The results in the kernel and in the interpreter: values of r0 to r5 and the arena's first bytes. */
type RunBoth = (values: readonly bigint[]) => readonly [bigint[], bigint[]]

function withBoth(text: string, use: (both: RunBoth) => void): void {
  const spec = assemble(text)
  using arena: Arena = createArena({ name: 'arena', size: ARENA_SIZE })
  using loaded = loadProgram(spec, { type: 'SYSCALL', maps: { arena, m: arena } })
  const runner = loaded.runner(CONTEXT_SIZE)
  const context = new Uint8Array(CONTEXT_SIZE)
  const memory = new Uint8Array(ARENA_SIZE)
  const vm = new Interpreter(spec, { arena: memory, context })
  const run = (block: Uint8Array, bytes: ArrayBuffer, values: readonly bigint[], step: () => unknown) => {
    const words = new BigUint64Array(block.buffer, block.byteOffset, CONTEXT_SIZE / 8)
    values.forEach((value, i) => {
      words[i] = BigInt.asUintN(64, value)
    })
    step()
    return [...words.subarray(0, 6), ...new BigUint64Array(bytes, 0, 8)]
  }
  use((values) => [
    run(runner.context, arena.buffer, values, () => runner.run()),
    run(context, memory.buffer, values, () => vm.run()),
  ])
}

function compare(body: string, inputs: Iterable<readonly bigint[]>): void {
  withBoth(program(body), (both) => {
    for (const values of inputs) {
      const [kernel, interpreter] = both(values)
      expect(interpreter, `${body} with ${values}`).toEqual(kernel)
    }
  })
}

const PAIRS = EDGE_VALUES.flatMap((a) => EDGE_VALUES.map((b) => [a, b]))
const SINGLE = EDGE_VALUES.map((a) => [a])
const text = (...all: make.Instruction[]) => all.map((instruction) => disassemble(instruction)).join('\n')

describeUnless(missing.length > 0 && `needs ${missing.join(', ')}`)('interpreter and kernel', () => {
  describe.each([64, 32] as const)('agree on %i bits in', (width) => {
    it.each(Object.keys(ALU_OPERATIONS) as make.AluOp[])('%s', (op) => {
      compare(text(make.aluReg(width, op, 0, 1)), PAIRS)
      const imm = /sh$/.test(op) ? 13 : -7
      compare(text(make.aluImm(width, op, 0, imm)), SINGLE)
    })

    it.each(Object.keys(ALU_OPERATIONS) as make.AluOp[])('%s of arena addresses', (op) => {
      const cast = text(make.castToArena(0, 0))
      compare(`${cast}\n${text(make.aluReg(width, op, 0, 1), make.aluReg(32, 'mov', 0, 0))}`, PAIRS)
      const imm = /sh$/.test(op) ? 29 : 5
      compare(`${cast}\n${text(make.aluImm(width, op, 0, imm), make.aluReg(32, 'mov', 0, 0))}`, SINGLE)
      const both = text(make.castToArena(1, 1), make.aluReg(width, op, 0, 1), make.aluReg(32, 'mov', 0, 0))
      compare(`${cast}\n${both}\n${text(make.aluReg(32, 'mov', 1, 1))}`, PAIRS)
    })

    it.each(Object.keys(CONDITIONS) as make.Cond[])('%s', (cond) => {
      const set = text(make.aluImm(64, 'mov', 2, 1))
      compare(`${text(make.aluImm(64, 'mov', 2, 0), make.jumpReg(width, cond, 0, 1, 1))}\n${set}`, PAIRS)
      compare(`${text(make.aluImm(64, 'mov', 2, 0), make.jumpImm(width, cond, 0, -2, 1))}\n${set}`, SINGLE)
      const arena = text(make.castToArena(0, 0), make.castToArena(1, 1), make.aluImm(64, 'mov', 2, 0))
      const back = text(make.aluReg(32, 'mov', 0, 0), make.aluReg(32, 'mov', 1, 1))
      compare(`${arena}\n${text(make.jumpReg(width, cond, 0, 1, 1))}\n${set}\n${back}`, PAIRS)
    })

    it('negation, moves with sign, orders of bytes', () => {
      compare(text(make.negate(width, 0)), SINGLE)
      compare(text(make.castToArena(0, 0), make.negate(width, 0)), SINGLE)
      for (const bits of [8, 16, 32] as const) compare(text(make.moveSigned(width, bits, 0, 0)), SINGLE)
      compare(text(make.castToArena(0, 0), make.moveSigned(width, 8, 0, 0)), SINGLE)
      for (const kind of ['le', 'be', 'bswap'] as const) {
        for (const bits of [16, 32, 64] as const) compare(text(make.byteSwap(kind, bits, 0)), SINGLE)
      }
    })
  })

  it('agree on memory of the arena and beyond', () => {
    const addresses = [
      0n,
      8n,
      13n,
      0xffe0n,
      0xfff9n,
      0xffffn,
      0x1_0000n,
      0x7fff_ffffn,
      0xffff_fff9n,
      0xffff_ffffn,
    ]
    for (const bytes of [1, 2, 4, 8] as const) {
      for (const offset of [0, 8, -8]) {
        const body = text(
          make.castToArena(0, 0),
          make.store(bytes, 0, offset, 1),
          make.load(bytes, 2, 0, offset),
          make.storeImm(bytes, 0, offset, -3),
          make.load(8, 3, 0, offset),
          make.aluReg(32, 'mov', 0, 0),
        )
        compare(
          body,
          addresses.map((address) => [address, 0xf1f2_f3f4_f5f6_f7f8n]),
        )
      }
    }
  })

  it.each(['add', 'xor', 'and', 'or', 'fetch_add', 'xchg', 'cmpxchg'] as const)(
    'agree on atomic %s',
    (op) => {
      for (const width of [32, 64] as const) {
        const body = text(
          make.castToArena(3, 3),
          // in an arena, a cmpxchg of 32 bits may leave the high word of r0
          make.aluReg(width, 'mov', 0, 0),
          make.store(8, 3, 0, 2),
          make.atomic(width, op, 3, 0, 1),
          make.load(8, 2, 3, 0),
          make.aluReg(32, 'mov', 3, 3),
        )
        const few = EDGE_VALUES.filter((_, i) => i % 3 === 0)
        const inputs = few.flatMap((a) =>
          few.flatMap((b) => [
            [a, b, a, 16n],
            [0n, b, a, 24n],
          ]),
        )
        compare(body, inputs)
        // what one out of bounds fetches differs: up to Linux 7.0 the register's own value, in 7.3 zero
        if (!/fetch|xchg/.test(op)) compare(body, [[1n, 2n, 3n, 0x10_0000n]])
      }
    },
  )

  it('agree on random arithmetic', () => {
    const forms = FORMS.filter(({ operation: { kind } }) =>
      ['alu', 'negate', 'swap', 'move-signed'].includes(kind),
    )
    const step = fc
      .constantFrom(...forms)
      .chain((form) => instructionOf(form).map((any) => ({ form, instruction: any.instructions[0]! })))
      .map(({ form, instruction }) => {
        const { operation } = form
        const constant = operation.kind === 'alu' && operation.operand === 'imm'
        const shift = constant && /sh$/.test(operation.op)
        const divide = constant && /div|mod/.test(operation.op)
        const imm = shift
          ? instruction.imm & (operation.width - 1)
          : divide
            ? instruction.imm || 1
            : instruction.imm
        return { ...instruction, imm, dst: instruction.dst % 6, src: form.fixed.src ?? instruction.src % 6 }
      })
    const value = fc.oneof(fc.constantFrom(...EDGE_VALUES), fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }))
    const values = fc.array(value, { minLength: 6, maxLength: 6 })
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 1, maxLength: 60 }),
        fc.array(values, { minLength: 20 }),
        (steps, inputs) => {
          compare(text(...steps), inputs)
        },
      ),
      { numRuns: 40 },
    )
  })

  it('agree on calls, frames and loops', () => {
    const body = `static func main(ctx)
        r6 = r1
        r7 = map arena ll
        r1 = *(u64 *)(r6 +0)
        r2 = *(u64 *)(r6 +8)
        call function mix
        *(u64 *)(r6 +16) = r0
        r0 = 0
        exit
      global func mix(a, b)
        *(u64 *)(r10 -8) = r1
        r6 = r2
        w7 = 0
        r7 = addr_space_cast(r7, 0, 1)
      again:
        may_goto out
        if w7 == 5 goto out
        w7 += 1
        r1 = r6
        w2 = w7
        call function half
        r6 = r0
        goto again
      out:
        r0 = *(u64 *)(r10 -8)
        r0 ^= r6
        exit
      global func half(a, b)
        r0 = r1
        r0 s>>= 1
        r0 *= r2
        exit`
    withBoth(body, (both) => {
      for (const pair of PAIRS) {
        const [kernel, interpreter] = both(pair)
        expect(interpreter).toEqual(kernel)
      }
    })
  })

  for (const [what, source, , taken] of REFUSED) {
    it(taken === undefined ? `agree to refuse ${what}` : `may not agree to refuse ${what}: ${taken}`, () => {
      using arena = createArena({ name: 'arena', size: ARENA_SIZE })
      const [, header = '', rest = ''] = /^(func [^\n]*\n)?(.*)$/s.exec(lines(source))!
      const maps = { arena, m: arena }
      const load = () =>
        loadProgram(assemble(`${header}r9 = map arena ll\n${rest}`), { type: 'SYSCALL', maps }).close()
      if (taken === undefined) {
        expect(load).toThrow(KernelError)
        return
      }
      // some kernels take it, the interpreter never does; nothing else may go wrong
      try {
        load()
      } catch (error) {
        expect(error).toBeInstanceOf(KernelError)
      }
    })
  }
})
