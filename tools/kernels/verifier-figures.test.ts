import { expect, test } from 'vitest'
import { figuresIn } from './verifier-figures.ts'

const OUTPUT = `verifier processed 5 things
state made in             698.2 ms
verifier processed        74,004 instructions, 7.4 % of its million
verified and compiled in  553.0 ms
program                   399.5 kB of eBPF, 206.0 kB of machine code
ran                       44 instructions in 18.5 ms
`

test('among other lines', () => {
  expect(figuresIn(OUTPUT)).toEqual({ processed: 74004, machineCode: 206 })
})

test('a kernel that interprets has no machine code', () => {
  expect(figuresIn(OUTPUT.replace('206.0', '0.0'))).toEqual({ processed: 74004, machineCode: undefined })
})

test('none', () => {
  expect(figuresIn('hello 42')).toBeUndefined()
})
