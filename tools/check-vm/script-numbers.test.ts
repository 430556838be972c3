import { describe, expect, test } from 'vitest'
import { CHECKED_FILE, findScriptNumbers } from './script-numbers.ts'

/** What is found in a library function with these lines. */
function findings(body: string, more = ''): string[] {
  const text = `import { within } from '../checked'
import { callee } from '../frames'
import { get } from '../table'
${more}
export function f(args: usize, count: i32): i32 {
${body}
}`
  return findScriptNumbers([
    { name: 'vm/assembly/lib/sample.ts', text },
    {
      name: 'vm/assembly/frames.ts',
      text: 'export function callee(at: usize, n: i64): usize { return at + usize(n) }',
    },
    { name: 'vm/assembly/table.ts', text: 'export function get(t: usize, key: i64): i64 { return key - 1 }' },
  ]).map((finding) => finding.replace(/^.*sample\.ts:\d+: /, '').replace(/ on a number.*$/, ''))
}

describe('refused', () => {
  test.each([
    ['return i32(integerArgument(args, 0))', 'i32()'],
    ['const n = integerArgument(args, 0)\nreturn one(args, n + 1)', '+'],
    ['const n = optionalInteger(args, count, 1, 0)\nreturn one(args, 2 * n)', '*'],
    ['const n = integerOf(load<i64>(args))\nreturn one(args, size - n)', '-'],
    ['let n = integerArgument(args, 0)\nn -= 1', '-='],
    ['const n = integerArgument(args, 0)\nconst m = n < 0 ? 0 : n\nreturn usize(m)', 'usize()'],
    ['const n = u64(integerArgument(args, 0)) & 255\nreturn one(args, n << 3)', '<<'],
    ['return one(args, -integerArgument(args, 0))', '-'],
    // a comparison before it doesn't help: say so in a comment, or use within
    ['const n = integerArgument(args, 0)\nif (n < 0 || n > 9) return CONTROL\nreturn i32(n)', 'i32()'],
  ])('%s', (body, expected) => expect(findings(body)).toEqual([expected]))

  test('in a function that gets the number', () => {
    const helper = 'function helper(a: usize, n: i64): i32 { return i32(n) }'
    expect(findings('return helper(args, integerArgument(args, 0))', helper)).toEqual(['i32()'])
  })

  test('in a function of another file', () => {
    const [found] = findings('return callee(args, integerArgument(args, 0))')
    expect(found).toContain('vm/assembly/frames.ts:1: usize()')
  })
})

describe('fine', () => {
  test.each([
    'return i32(within(integerArgument(args, 0), 0, 9))',
    'const n = within(integerArgument(args, 0), 0, 9)\nreturn one(args, n + 1)',
    'return count + 1',
    'const n = integerArgument(args, 0)\nreturn n < 0 ? 1 : 0',
    'return one(args, get(args, integerArgument(args, 0)))',
    'const n = integerArgument(args, 0)\nreturn one(args, n + 1) // a value: it wraps',
    'const n = i32(integerArgument(args, 0)) // in range: the caller has looked\nreturn n + 1',
    'const n = integerArgument(args, 0)\n// in range: n is a level, which has been found\nreturn i32(n)',
  ])('%s', (body) => expect(findings(body)).toEqual([]))

  test('whatever the checked functions do', () => {
    const text = 'export function within(n: i64): i64 { return integerArgument(n, 0) + 1 }'
    expect(findScriptNumbers([{ name: CHECKED_FILE, text }])).toEqual([])
  })
})

test('an exemption needs a reason', () => {
  expect(findings('return i32(integerArgument(args, 0)) // in range')).toEqual(['i32()'])
  expect(findings('return i32(integerArgument(args, 0)) // in range:')).toEqual(['i32()'])
})
