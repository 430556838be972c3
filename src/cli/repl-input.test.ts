import { expect, test } from 'vitest'
import { understand } from './repl-input.ts'

const cases: [typed: string, text: string | undefined][] = [
  ['1 + 1', 'return 1 + 1'],
  ['= 1 + 1', 'return  1 + 1'],
  ['f()', 'return f()'],
  ['1, 2 -- two', 'return 1, 2 -- two'],
  ['x = 1', 'x = 1'],
  ['return 1', 'return 1'],
  ['x = = 1', 'x = = 1'],
  ['', ''],
  ['-- nothing', 'return -- nothing'],
  ['for i = 1, 2 do', undefined],
  ['f(', undefined],
  ['= {', undefined],
  ['x = [[a', undefined],
  ['--[[ a', undefined],
  ['x = = 1 do', 'x = = 1 do'],
]
test.each(cases)('%j', (typed, text) => {
  const input = understand(typed, false)
  expect(input.complete ? input.text : undefined).toBe(text)
  expect(understand(typed, true).complete).toBe(true)
})
