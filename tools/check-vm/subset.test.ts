import binaryen from 'binaryen'
import { describe, expect, test } from 'vitest'
import { longestChains, recursions } from './call-graph.ts'
import { readWasm } from './read-wasm.ts'
import { callGraphOf, refusedInstructions, refusedSections } from './subset.ts'

/** Findings for a module in the text format. */
function findings(text: string): string[] {
  const module = binaryen.parseText(`(module ${text})`)
  module.setFeatures(binaryen.Features.All)
  const wasm = readWasm(module.emitBinary())
  return [...refusedSections(wasm), ...refusedInstructions(wasm, (f) => `f${f}`)]
}

describe('what is refused', () => {
  test.each([
    ['(func (drop (f64.const 1.5)))', 'f0: float constant (0x44)'],
    ['(func (param f32 f32) (drop (f32.lt (local.get 0) (local.get 1))))', 'f0: float comparison (0x5d)'],
    ['(memory 1) (func (drop (memory.grow (i32.const 1))))', 'f0: memory.grow (0x40)'],
    [
      '(memory 1) (func (memory.fill (i32.const 0) (i32.const 0) (i32.const 9)))',
      'f0: bulk memory operation (0xfc0b)',
    ],
    [
      '(global $g (mut i32) (i32.const 0)) (func (global.set $g (i32.const 1)))',
      'f0: write to a global (0x24)',
    ],
    ['(global $g (mut i32) (i32.const 0)) (func (drop (global.get $g)))', 'f0: read of a mutable global'],
    ['(func (drop (i32.extend8_s (i32.const 1))))', 'f0: sign extension operator (0xc0)'],
    ['(import "m" "f" (func))', 'import of m.f: only a memory may be imported'],
    ['(memory 1) (data (i32.const 0) "x")', 'a data segment: the memory is filled by the driver alone'],
    ['(func $f) (start $f)', 'a start function'],
  ])('%s', (text, finding) => {
    expect(findings(text)).toContain(finding)
  })

  test('tables and indirect calls', () => {
    const text =
      '(type $t (func)) (table 1 funcref) (elem (i32.const 0) $f) (func $f (call_indirect (type $t) (i32.const 0)))'
    expect(findings(text)).toEqual(['a table', 'an element segment', 'f0: indirect call (0x11)'])
  })
})

test('integers, an imported memory, br_table and calls are fine', () => {
  const text = `(import "env" "memory" (memory 1)) (func $g (param i64) (result i64) (i64.mul (local.get 0) (i64.const -7)))
    (func (param i32) (block (block (br_table 0 1 (local.get 0)))
      (i64.store (local.get 0) (call $g (i64.load8_s offset=300 (local.get 0))))))`
  expect(findings(text)).toEqual([])
})

test('chains and circles of calls', () => {
  const module =
    binaryen.parseText(`(module (func $a (call $b) (call $c)) (func $b (call $c)) (func $c (call $d))
    (func $d (call $c) (call $e)) (func $e) (func $self (call $self)))`)
  const graph = callGraphOf(readWasm(module.emitBinary()))
  expect(graph).toEqual([[1, 2], [2], [3], [2, 4], [], [5]])
  expect(recursions(graph).map((group) => group.sort())).toEqual([[2, 3], [5]])
  expect(longestChains(graph)[0]).toEqual([0, 1, 2, 3, 4])
})
