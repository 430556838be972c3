import { describe, expect, test } from 'vitest'
import { check, compile } from './compile.ts'
import { CompileError } from './diagnostics.ts'
import { list } from './list.ts'
import { readChunk } from './read-chunk.ts'

const NAME = { name: '@f.lua' }

function refusal(source: string): CompileError {
  try {
    compile(source, NAME)
  } catch (error) {
    if (error instanceof CompileError) return error
    throw error
  }
  throw new Error('compiled')
}

test('what check finds is what compile throws', () => {
  const source = 'x = = 1\ny = 2.5'
  expect(refusal(source).diagnostics).toEqual(check(source, NAME))
  expect(refusal(source).message).toBe("f.lua:1: unexpected symbol near '='")
  expect(check('x = 1', NAME)).toEqual([])
})

describe('limits', () => {
  const repeat = (count: number, text: string, separator = '') => Array(count).fill(text).join(separator)

  test.each([
    ['arguments', `f(${repeat(260, 'a', ', ')})`],
    ['values', `local function f() return ${repeat(260, 'a', ', ')} end`],
    ['targets', `${repeat(100_000, 'a', ',')} = 1`],
    ['nested calls', `x = ${repeat(190, 'f(1, ')}2${repeat(190, ')')}`],
  ])('too many registers: %s', (_, source) => {
    const { diagnostics } = refusal(source)
    expect(diagnostics.map(({ code }) => code)).toEqual(['L062'])
    expect(check(source, NAME)).toEqual(diagnostics)
  })

  test('240 arguments fit', () => {
    const { protos } = readChunk(compile(`f(${repeat(240, 'a', ', ')})`, NAME))
    expect(protos[0]!.frame).toBe(242)
  })

  test.each([
    ['..', `x = ${repeat(10_000, 'a', ' .. ')}`],
    ['and', `x = ${repeat(10_000, 'a', ' and ')}`],
    ['or in a condition', `if ${repeat(10_000, 'a', ' or ')} then b() end`],
    ['+', `x = ${repeat(10_000, 'a', ' + ')}`],
    ['==', `x = ${repeat(20_000, 'a', ' == ')}`],
    ['< in a condition', `if ${repeat(20_000, 'a', ' < ')} then b() end`],
    ['mixed comparisons', `x = ${repeat(5_000, 'a == b + 1 ~= c < 2', ' >= ')}`],
    ['or before a break', `while a do if ${repeat(200_000, 'a', ' or ')} then break end end`],
    ['or before a goto', `if ${repeat(200_000, 'a', ' or ')} then goto x end b() ::x::`],
    ['or with comparisons', `x = ${repeat(200_000, 'a == b', ' or ')}`],
    ['and of lists', `x = not (${repeat(200_000, 'a', ' and ')})`],
    ['elseif', `if a then ${repeat(10_000, 'elseif a then b() ')}end`],
    ['calls', `f${repeat(10_000, '()')}`],
    ['fields', `x = a${repeat(10_000, '.b')}`],
    ['methods', `a${repeat(10_000, ':b()')}`],
    ['list elements', `x = {${repeat(10_000, '1', ', ')}}`],
    ['statements', repeat(100_000, 'x = 1 ')],
  ])('10,000 %s compile', (_, source) => {
    expect(compile(source, NAME).length).toBeGreaterThan(10_000)
  })

  test.each([
    ['parentheses', `x = ${repeat(190, '(')}1 + y${repeat(190, ')')}`],
    ['blocks', `${repeat(190, 'do ')}f()${repeat(190, ' end')}`],
    ['functions', `${repeat(95, 'return function() ')}${repeat(95, ' end')}`],
    ['tables', `x = ${repeat(190, '{')}${repeat(190, '}')}`],
    ['conditions', `x = ${repeat(45, '(a and (b or ')}c${repeat(45, '))')}`],
    ['comparisons', `x = ${repeat(95, 'a == (')}c${repeat(95, ')')}`],
    [
      'loops',
      `${repeat(60, 'for i = 1, 2 do ')}f()${repeat(60, ' end')}`
        .replaceAll('for i', 'while i')
        .replaceAll('= 1, 2', ''),
    ],
  ])('nested %s compile', (_, source) => {
    expect(check(source, NAME)).toEqual([])
  })

  test('a script of 2 MB, and one in one line', () => {
    const source = repeat(
      20_000,
      'local function f(a, b) local t = {x = a} return t.x + b * 2 end\nf(1, 2)\n',
    )
    const scoped = `do ${source.replaceAll('local function', 'function')} end`
    expect(compile(scoped, NAME).length).toBeGreaterThan(1e6)
    expect(compile(scoped.replaceAll('\n', ' '), NAME).length).toBeGreaterThan(1e6)
  })
})

describe('chunks', () => {
  test('strings keep their bytes', () => {
    const { constants } = readChunk(compile(Buffer.from("x = 'a\\0\\255\x80'", 'latin1'), NAME))
    expect(constants).toContain('a\0\xff\x80')
  })

  test('the name of a chunk that is its source is cut', () => {
    const source = `x = 1 ${'-- comment '.repeat(1000)}`
    expect(readChunk(compile(source, { name: source })).source.length).toBeLessThan(200)
    expect(readChunk(compile('x = 1', { name: `@${'d/'.repeat(500)}` })).source).toHaveLength(1001)
  })

  test('lines far apart', () => {
    const { protos } = readChunk(compile(`f()${'\n'.repeat(1000)}g()\nh()`, NAME))
    const lines = protos[0]!.code.filter(({ opcode }) => opcode.name === 'CALL').map(({ line }) => line)
    expect(lines).toEqual([1, 1001, 1002])
  })

  test('the line of an operator is its own', () => {
    const { protos } = readChunk(compile('local a, b = 1, 2\nlocal x = a\n  + b\n  .c\n  (a)', NAME))
    const byName = (name: string) => protos[0]!.code.find(({ opcode }) => opcode.name === name)!.line
    expect([byName('ADD'), byName('GETFIELD'), byName('CALL')]).toEqual([3, 4, 5])
  })
})

test('a listing shows functions, operands, constants and jump targets', () => {
  const text = list(compile('for i = 1, 3 do print(i == nil) end function f() end', NAME))
  expect(text).toContain('main f.lua: 0+ parameters')
  expect(text).toMatch(/FORPREP +0 →\d+/)
  expect(text).toMatch(/J[EN][QE]K .*; nil/)
  expect(text).toMatch(/CALL .*; 0: global print/)
  expect(text).toContain('function 0 f.lua:1-1: 0 parameters')
})
