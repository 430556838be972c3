import { describe, expect, it } from 'vitest'
import { assemble } from './assemble.ts'
import { InterpreterError } from './errors.ts'
import { Interpreter, type InterpreterOptions } from './interpreter.ts'
import { lines, REFUSED } from './refused-programs.fixture.ts'

function machine(text: string, options: Partial<InterpreterOptions> = {}): Interpreter {
  return new Interpreter(assemble(text), { arena: new Uint8Array(64), ...options })
}

const run = (text: string, options: Partial<InterpreterOptions> = {}) => machine(lines(text), options).run()

describe('memory', () => {
  it('of the arena is little-endian, and nothing beyond its bytes', () => {
    const arena = new Uint8Array(16)
    const f = machine(
      `func f(address, value)
         r1 = addr_space_cast(r1, 0, 1)
         *(u64 *)(r1 +4) = r2
         r0 = *(u64 *)(r1 +4)
         exit`,
      { arena },
    )
    expect(f.call('f', 0n, 0x1122_3344_5566_7788n)).toBe(0x1122_3344_5566_7788n)
    expect([...arena]).toEqual([0, 0, 0, 0, 0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11, 0, 0, 0, 0])
    expect(f.call('f', 0xffff_ffff_0000_0004n, 5n)).toBe(5n)
    const before = arena.slice()
    for (const outside of [5n, 100n, 0xffff_fffbn, 0xffff_fffen]) expect(f.call('f', outside, 7n)).toBe(0n)
    expect(arena).toEqual(before)
  })

  it.each([
    ['u8', 0xf8n],
    ['u16', 0xf7f8n],
    ['u32', 0xf5f6f7f8n],
  ])('loads and stores %s', (type, value) => {
    const body = (base: string) => `
      r2 = 0xf1f2f3f4f5f6f7f8 ll
      *(${type} *)(${base} -8) = r2
      r0 = *(${type} *)(${base} -8)
      exit`
    expect(run(`w1 = 40\nr1 = addr_space_cast(r1, 0, 1)${body('r1')}`)).toBe(value)
    expect(run(body('r10'))).toBe(value)
    expect(run(`r1 += 8${body('r1')}`, { context: new Uint8Array(8) })).toBe(value)
  })

  it('loads with sign extension from anywhere but the arena', () => {
    expect(run('*(u16 *)(r10 -2) = 0x8001|r0 = *(s16 *)(r10 -2)|exit')).toBe(0xffff_ffff_ffff_8001n)
    expect(run('*(u64 *)(r10 -8) = 0x7fffffff|r0 = *(s32 *)(r10 -8)|exit')).toBe(0x7fff_ffffn)
    expect(() => run('w1 = 0|r1 = addr_space_cast(r1, 0, 1)|r0 = *(s8 *)(r1)|exit')).toThrow(/before 6.18/)
  })

  it('of map values has a name and bounds', () => {
    const counters = new Uint8Array(16)
    const text = 'r1 = value counters+8 ll|*(u32 *)(r1 +4) = 7|r0 = *(u64 *)(r1)|exit'
    expect(run(text, { mapValues: { counters } })).toBe(7n << 32n)
    expect(counters[12]).toBe(7)
    expect(() => run(text)).toThrow(/given no value of the map counters/)
    expect(() => run(text, { mapValues: { counters: counters.subarray(0, 12) } })).toThrow(
      /outside of counters/,
    )
  })

  it('of the stack keeps arena addresses in whole slots', () => {
    const spill = 'w6 = 8|r6 = addr_space_cast(r6, 0, 1)|*(u64 *)(r10 -8) = r6|'
    expect(run(`${spill}r1 = *(u64 *)(r10 -8)|*(u8 *)(r1) = 3|r0 = *(u8 *)(r1)|exit`)).toBe(3n)
    expect(() => run(`${spill}r0 = *(u32 *)(r10 -8)|exit`)).toThrow(/spilled address/)
    expect(run(`${spill}*(u32 *)(r10 -8) = 9|r0 = *(u64 *)(r10 -8)|exit`)).toBe(9n)
  })
})

describe('atomic operations', () => {
  const ARENA = 'w1 = 8|r1 = addr_space_cast(r1, 0, 1)|'
  it.each([
    ['lock *(u64 *)(r1) += r2', 0x1_0000_0002n, 5n],
    ['lock *(u64 *)(r1) |= r2', 0xffff_ffffn, 5n],
    ['lock *(u64 *)(r1) &= r2', 3n, 5n],
    ['lock *(u64 *)(r1) ^= r2', 0xffff_fffcn, 5n],
    ['r2 = atomic64_fetch_add((u64 *)(r1), r2)', 0x1_0000_0002n, 0xffff_ffffn],
    ['r2 = atomic_fetch_add((u32 *)(r1), r2)', 2n, 0xffff_ffffn],
    ['r2 = atomic64_xchg((u64 *)(r1), r2)', 3n, 0xffff_ffffn],
    ['r2 = atomic_xchg((u32 *)(r1), r2)', 3n, 0xffff_ffffn],
    ['r0 = atomic64_cmpxchg((u64 *)(r1), r0, r2)', 3n, 5n],
    ['r0 = atomic_cmpxchg((u32 *)(r1), r0, r2)', 3n, 5n],
  ])('%s', (operation, memory, r2) => {
    const seed = '*(u64 *)(r1) = 0|*(u32 *)(r1) = -1|w0 = -1|w2 = 3|'
    const settle = r2 === 5n ? '|r2 = 5' : ''
    expect(run(`${ARENA}${seed}${operation}|r0 = *(u64 *)(r1)|exit`)).toBe(memory)
    expect(run(`${ARENA}${seed}${operation}${settle}|r0 = r2|exit`)).toBe(r2)
  })

  it('compare and swap leaves what differs alone', () => {
    const text = `${ARENA}*(u64 *)(r1) = 7|r0 = 8|r2 = 9|r0 = atomic64_cmpxchg((u64 *)(r1), r0, r2)|`
    expect(run(`${text}exit`)).toBe(7n)
    expect(run(`${text}r0 = *(u64 *)(r1)|exit`)).toBe(7n)
  })

  it('has the restrictions of arenas', () => {
    expect(() => run(`${ARENA}w2 = 1|r2 = atomic64_fetch_xor((u64 *)(r1), r2)|exit`)).toThrow(
      /no fetch_xor in an arena/,
    )
    expect(() => run(`${ARENA}w2 = 1|lock *(u64 *)(r1 +4) += r2|exit`)).toThrow(/aligned/)
    const high = 'r0 = 0x100000000 ll|r2 = 1|r0 = atomic_cmpxchg((u32 *)(r1), r0, r2)|exit'
    expect(() => run(`${ARENA}${high}`)).toThrow(/may keep its high word/)
  })
})

describe('calls', () => {
  it('keep r6 to r9 and the stack, and give the callee only its arguments', () => {
    const text = `func main(ctx)
        r6 = 60
        r9 = 90
        *(u64 *)(r10 -8) = 5
        r1 = 1
        r2 = 2
        call function sum
        r0 += r6
        r0 += r9
        r1 = *(u64 *)(r10 -8)
        r0 += r1
        exit
      global func sum(a, b)
        r6 = r1
        r6 += r2
        r9 = 0
        *(u64 *)(r10 -8) = r9
        r0 = r6
        exit`
    expect(machine(text).run()).toBe(158n)
  })

  it('go eight frames deep', () => {
    const chain = (n: number) =>
      Array.from(
        { length: n },
        (_, i) => `func f${i}()\n${i + 1 < n ? `call function f${i + 1}` : 'r0 = 4'}\nexit`,
      )
    expect(machine(chain(8).join('\n')).run()).toBe(4n)
    expect(() => machine(chain(9).join('\n')).run()).toThrow(/of f7, .*8 frames deep/)
  })

  it('of the kernel are served by the host', () => {
    const calls: bigint[][] = []
    const serve = (...args: bigint[]) => {
      calls.push(args)
      return -1n
    }
    const text = 'r1 = 7|call bpf_ktime_get_ns|r2 = r0|r1 = 1|call kfunc probe|exit'
    expect(run(text, { kernel: { bpf_ktime_get_ns: serve, probe: serve } })).toBe(0xffff_ffff_ffff_ffffn)
    expect(calls).toEqual([
      [7n, 0n, 0n, 0n, 0n],
      [1n, 0xffff_ffff_ffff_ffffn, 0n, 0n, 0n],
    ])
    expect(() => run(text)).toThrow(/given no function bpf_ktime_get_ns/)
  })
})

describe('may_goto', () => {
  const LOOP = 'r0 = 0|again: may_goto out|r0 += 1|if r0 != 10 goto again|out: exit'
  it('fires when its budget is used up', () => {
    expect(run(LOOP)).toBe(10n)
    expect(run(LOOP, { mayGoto: 4 })).toBe(4n)
    const vm = machine(lines(LOOP), { mayGoto: 10 })
    expect([vm.run(), vm.run(), vm.exhausted]).toEqual([10n, 10n, true])
  })
})

describe('limits', () => {
  it('end loops that never end', () => {
    expect(() => run('again: goto again', { maxInstructions: 1000 })).toThrow(/limit of 1000 instructions/)
    const vm = machine('r0 = 1\nexit')
    vm.run()
    vm.run()
    expect(vm.executed).toBe(4)
  })
})

describe('arena addresses', () => {
  it('stay arena addresses of 32 bits under arithmetic', () => {
    const head = 'w1 = 1|r1 = addr_space_cast(r1, 0, 1)|w2 = 63|'
    expect(run(`${head}r1 <<= r2|r0 = *(u64 *)(r1)|w0 = w1|exit`)).toBe(0x8000_0000n)
    expect(run(`${head}r1 -= 3|w0 = w1|exit`)).toBe(0xffff_fffen)
    expect(run(`${head}r1 s/= -1|w0 = w1|exit`)).toBe(0xffff_ffffn)
    expect(run(`${head}r1 += r1|w1 |= w1|w0 = w1|exit`.replace('w1 |= w1|', ''))).toBe(2n)
    expect(run(`${head}r0 = (s8)r1|exit`)).toBe(1n)
  })
})

describe('the verifier refuses, and so does the interpreter,', () => {
  for (const [what, text, reason] of REFUSED) {
    it(what, () => {
      expect(() => run(text, { context: new Uint8Array(8) })).toThrow(reason)
    })
  }

  it('and says where', () => {
    const spec = {
      ...assemble('r0 = r1\nexit'),
      positionOf: () => ({ wasmOffset: 3, file: 'a.ts', line: 9 }),
    }
    const vm = new Interpreter(spec, { arena: new Uint8Array(0) })
    try {
      vm.run()
    } catch (error) {
      expect(error).toBeInstanceOf(InterpreterError)
      expect(error).toMatchObject({
        code: 'EBPF_INTERPRETER',
        instruction: 0,
        disassembly: 'r0 = r1',
        functionName: 'main',
      })
      expect((error as Error).message).toBe(
        'Cannot run instruction 0 of main (a.ts:9), `r0 = r1`: r1 was never written here, or was lost in a call; nothing can be read from it.',
      )
      return
    }
    expect.unreachable()
  })
})

describe('call', () => {
  it('checks name and arguments', () => {
    expect(() => machine('func f(a)\nr0 = r1\nexit').call('g')).toThrow(/Cannot call g: .*It has f\./)
    expect(() => machine('func f(a)\nr0 = r1\nexit').call('f')).toThrow(/it takes 1 arguments, not 0/)
    expect(machine('func f(a)\nr0 = r1\nexit').call('f', -1n)).toBe(0xffff_ffff_ffff_ffffn)
  })
})
