import { expect, test } from 'vitest'
import { figuresIn } from './verifier-figures.ts'

test.each([
  ['verifier: 7,323 processed, 41,200 bytes of machine code', 7323, 41200],
  ['the verifier processed 7323 instructions in 6 ms; 41200 bytes JITed', 7323, 41200],
  ['{"processed":7323,"jited":41200}', 7323, 41200],
  ['{"processed": 7323, "jitedSize": 41200}', 7323, 41200],
  ['processed 7323 insns (limit 1000000) max_states_per_insn 4', 7323, undefined],
])('%s', (output, processed, jited) => {
  expect(figuresIn(output)).toEqual({ processed, jited })
})

test('of several programs, the largest counts', () => {
  expect(figuresIn('processed 12 insns\nprocessed 7323 insns\nprocessed 5 insns')?.processed).toBe(7323)
})

test('none', () => {
  expect(figuresIn('hello 42')).toBeUndefined()
})
