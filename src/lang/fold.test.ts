import { expect, test } from 'vitest'
import type { LocalStatement } from './ast.ts'
import { analyze } from './front-end.ts'
import { toSource } from './source.ts'

function fold(expression: string): string {
  const { main, findings } = analyze(toSource(`local x = ${expression}`, '=x'))
  expect(findings.list()).toEqual([])
  const [value] = (main.block.statements.at(-1) as LocalStatement).values
  return value!.kind === 'Integer' || value!.kind === 'Boolean' ? String(value!.value) : value!.kind
}

test.each([
  ['1 + 2 * 3', '7'],
  ['7 // 2', '3'],
  ['-7 // 2', '-4'],
  ['7 // -2', '-4'],
  ['-7 / 2', '-4'],
  ['7 % -3', '-2'],
  ['-7 % 3', '2'],
  ['6 % -3', '0'],
  ['2 ^ 10', '1024'],
  ['3 ^ 41', '-420491770248316829'],
  ['2 ^ 0x7fffffffffffffff', '0'],
  ['-2 ^ 2', '-4'],
  ['2 ^ 3 ^ 2', '512'],
  ['0x7fffffffffffffff + 1', '-9223372036854775808'],
  ['0x8000000000000000 // -1', '-9223372036854775808'],
  ['0x8000000000000000 % -1', '0'],
  ['1 << 63', '-9223372036854775808'],
  ['1 << 64', '0'],
  ['-1 >> 1', '9223372036854775807'],
  ['-1 >> -1', '-2'],
  ['1 << -1', '0'],
  ['0xf0 & 0x3c | 1 ~ 3', '50'],
  ['~0', '-1'],
  ['-(-5)', '5'],
  ['not nil', 'true'],
  ['not 0', 'false'],
  ["not 'x'", 'false'],
  ['1 // 0', 'Binary'],
  ['1 / 0', 'Binary'],
  ['1 % 0', 'Binary'],
  ['2 ^ -1', 'Binary'],
  ["'1' + 2", 'Binary'],
  ['a + 1', 'Binary'],
  ['#"abc"', 'Unary'],
  ['1 and x', 'Name'],
  ['nil or false or 3', '3'],
  ['true and f()', 'Paren'],
  ['x and 1', 'Logical'],
  ['nil and x', 'Nil'],
  ['x and nil and y', 'Logical'],
  ['nil and nil or x', 'Name'],
])('%s folds to %s', (expression, value) => {
  expect(fold(expression)).toBe(value)
})
