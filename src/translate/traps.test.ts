/**
 * Traps: WebAssembly throws, translated code sets the trap word and returns 0. Callers go on until the next round
 * of a loop that calls, which leaves. And the kernel's own limit on loops counts as a trap.
 */
import { describe, expect, test } from 'vitest'
import { Interpreter } from '../ebpf/interpreter.ts'
import { linkSpecs } from '../ebpf/link-specs.ts'
import { createArena } from '../kernel/arena.ts'
import { describeInKernel } from '../kernel/kernel.fixture.ts'
import { loadProgram } from '../kernel/load-program.ts'
import { type Case, mainProgram, OWN, parseText, testThreeWays } from './three-ways.fixture.ts'
import { translate } from './translate.ts'

const LEAST = 0x8000_0000n
const LEAST_LONG = 0x8000_0000_0000_0000n
const MINUS = 0xffff_ffffn
const MINUS_LONG = 0xffff_ffff_ffff_ffffn

/** Calls that trap and calls that don't, of all divisions; traps deep below; traps with what was stored before. */
const TRAPPING: Case = {
  module: `(module (memory (export "memory") 1)
    (func (export "div") (param i32 i32) (result i32) local.get 0 local.get 1 i32.div_s)
    (func (export "rem") (param i32 i32) (result i32) local.get 0 local.get 1 i32.rem_s)
    (func (export "div_long") (param i64 i64) (result i64) local.get 0 local.get 1 i64.div_s)
    (func (export "rem_long") (param i64 i64) (result i64) local.get 0 local.get 1 i64.rem_u)
    (func (export "unused") (param i32 i32) (drop (i32.div_u (local.get 0) (local.get 1))))
    (func (export "by_zero") (param i64) (result i64) (i64.div_u (local.get 0) (i64.const 0)))
    (func (export "constants") (result i32) (i32.rem_s (i32.const 7) (i32.const 0)))
    (func (export "least") (result i64) (i64.div_s (i64.const -9223372036854775808) (i64.const -1)))
    (func $deep (export "deep") (param i32 i32) (result i32) (i32.add (i32.const 4) (i32.div_u (local.get 0) (local.get 1))))
    (func $middle (export "middle") (param i32 i32) (result i32) (i32.add (i32.const 1) (call $deep (local.get 0) (local.get 1))))
    (func (export "above") (param i32 i32) (result i32) (i32.xor (call $middle (local.get 0) (local.get 1)) (i32.const 2)))
    (func (export "guarded") (param i32 i32) (result i32)
      (if (i32.eqz (local.get 1)) (then (return (i32.const -1))))
      (i32.div_u (local.get 0) (local.get 1)))
    (func (export "unreachable_if") (param i32) (result i32)
      (if (i32.gt_u (local.get 0) (i32.const 5)) (then unreachable)) (local.get 0))
    (func (export "in_loop") (param i32) (result i32) (local $sum i32)
      (loop $again
        (local.set $sum (i32.add (local.get $sum) (i32.div_u (i32.const 100) (local.get 0))))
        (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
        (br_if $again (i32.ge_s (local.get 0) (i32.const 0))))
      (local.get $sum)))`,
  calls: [
    ...(['div', 'rem'] as const).flatMap((name) => [
      [name, 7n, 0n] as const,
      [name, LEAST, MINUS] as const,
      [name, LEAST, 1n] as const,
      [name, 0n, MINUS] as const,
    ]),
    ...(['div_long', 'rem_long'] as const).flatMap((name) => [
      [name, 7n, 0n] as const,
      [name, LEAST_LONG, MINUS_LONG] as const,
      [name, LEAST, MINUS_LONG] as const,
    ]),
    ['unused', 1n, 0n],
    ['unused', 1n, 1n],
    ['by_zero', 5n],
    ['constants'],
    ['least'],
    ...(['deep', 'middle', 'above', 'guarded'] as const).flatMap((name) => [
      [name, 9n, 0n] as const,
      [name, 9n, 2n] as const,
    ]),
    ['unreachable_if', 5n],
    ['unreachable_if', 6n],
    ['in_loop', 3n],
  ],
}

testThreeWays({ 'traps and what just doesn’t': () => TRAPPING })

/** A function that counts its rounds in memory and calls one that traps at the third; a loop without end. */
const LOOPS = `(module (memory (export "memory") 1)
  (func $third (export "third") (param i32) (result i32)
    (i32.store offset=64 (i32.const 0) (i32.add (i32.load offset=64 (i32.const 0)) (i32.const 1)))
    (i32.store offset=68 (i32.const 0) (i32.rotl (local.get 0) (i32.popcnt (local.get 0))))
    (i32.div_u (i32.const 12) (i32.sub (local.get 0) (i32.const 3))))
  (func (export "until_trap") (result i32) (local $i i32) (local $sum i32)
    (loop $again
      (local.set $sum (i32.add (local.get $sum) (call $third (local.get $i))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get $i) (i32.const 12))))
    (i32.store offset=72 (i32.const 0) (i32.const 1))
    (local.get $sum))
  (func $forever (export "forever") (result i32)
    (i32.store offset=76 (i32.const 0) (i32.const 1)) (loop $again (br $again)))
  (func (export "calls_forever") (result i32) (local $i i32) (local $sum i32)
    (loop $again
      (local.set $sum (i32.add (local.get $sum) (call $forever)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get $i) (i32.const 12))))
    (i32.store offset=80 (i32.const 0) (i32.const 1))
    (local.get $sum)))`

interface Outcome {
  readonly value: bigint
  readonly words: Int32Array
}

const NAMES = ['until_trap', 'forever', 'calls_forever', 'third']

/** `run` runs the function with this number and says what it returned. */
function expectTrap(run: () => Outcome, word: number, expected: number): void {
  const { value, words } = run()
  expect(words[OWN.trap / 4]).toBe(1)
  expect(words[word / 4]).toBe(expected)
  expect(value).toBe(0n)
  // neither the end of the loop above nor what stands behind it was reached
  expect([words[72 / 4], words[80 / 4]]).toEqual([0, 0])
}

describe('loops that call', () => {
  const interpret = (name: string): Outcome => {
    const { spec } = translate(parseText(LOOPS), { memory: OWN, small: 0 })
    const arena = new Uint8Array(65536)
    const value = new Interpreter(spec, { arena, mayGoto: 10_000, maxInstructions: 200_000 }).call(name)
    return { value, words: new Int32Array(arena.buffer) }
  }

  test('are left after a trap, in the next round', () => {
    expectTrap(() => interpret('until_trap'), 64, 4)
  })

  test('are left when the kernel has stopped a loop without end below them', () => {
    expectTrap(() => interpret('forever'), 76, 1)
    expectTrap(() => interpret('calls_forever'), 76, 1)
  })
})

describeInKernel('loops in the kernel', () => {
  const execute = (name: string): Outcome => {
    const { spec } = translate(parseText(LOOPS), { memory: OWN, small: 0 })
    using arena = createArena({ name: 'memory', size: 65536 })
    using program = loadProgram(linkSpecs(mainProgram(NAMES), spec), {
      type: 'SYSCALL',
      maps: { memory: arena },
    })
    const runner = program.runner(56)
    const context = new BigUint64Array(runner.context.buffer, runner.context.byteOffset, 7)
    context[0] = BigInt(NAMES.indexOf(name))
    runner.run()
    return { value: context[1] as bigint, words: new Int32Array(arena.buffer.slice(0)) }
  }

  test('are left after a trap, in the next round', () => {
    expectTrap(() => execute('until_trap'), 64, 4)
  })

  test('without end are stopped, and loops above them left', () => {
    expectTrap(() => execute('forever'), 76, 1)
    expectTrap(() => execute('calls_forever'), 76, 1)
  })
})
