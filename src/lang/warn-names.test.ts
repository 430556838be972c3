import { describe, expect, test } from 'vitest'
import { check, warnings } from './compile.ts'

const found = (text: string): string[] =>
  warnings(text, { name: '@x.lua' })
    .filter(({ code }) => code === 'L080')
    .map(({ message, line, column, length }) => {
      const [, name] = /^'(.*)' does not exist/.exec(message) ?? []
      return `${name} ${line}:${column}+${length}`
    })

describe('what Lua has and Moonring has not', () => {
  test.each([
    ['io.open("x")', ['io.open 1:1+7']],
    ['local x = os.time() + os.clock()', ['os.time 1:11+7', 'os.clock 1:23+8']],
    ['return math.sin(math.pi)\n-- second\n', ['math.sin 1:8+8', 'math.pi 1:17+7']],
    ['string.dump(print)', ['string.dump 1:1+11']],
    ['local f = io', ['io 1:11+2']],
    [
      'for l in io.lines() do\n  unpack({ module("x") })\nend',
      ['io.lines 1:10+8', 'unpack 2:3+6', 'module 2:12+6'],
    ],
    ['return function() return { a = { math.huge } } end', ['math.huge 1:34+9']],
    ['io.stdout:write("x")', ['io.stdout 1:1+9']],
    ['io["open"]()', ['io.open 1:1+7']],
  ])('%s', (text, names) => expect(found(text)).toEqual(names))

  test.each([
    'return math.max(1, 2), string.rep, table.unpack, math.maxinteger, coroutine.close',
    'local io = { open = print } io.open("x")',
    'local function f(os) return os.time() end',
    'io = { open = print } io.open("x")',
    'function math.sin(x) return x end return math.sin(1)',
    'math.pi = 3 return math.pi',
    'if os then print(os.time()) end',
    'local unpack = table.unpack or unpack',
    'local t = { io = 1 } return t.io, t.math, t.os.time',
    'local _ENV = { io = {} } return io.open',
    'return math.nosuch, string.trim("x"), nosuch.open',
    'return io ~= nil and io.open',
  ])('nothing in: %s', (text) => expect(found(text)).toEqual([]))

  test('each says what to do instead, and the script compiles', () => {
    const [one] = warnings('print(os.time())', { name: '@x.lua' })
    expect(one).toMatchObject({ code: 'L080', severity: 'warning', file: 'x.lua' })
    expect(one?.hint).toMatch(/clock/)
    expect(check('print(os.time())', { name: '@x.lua' })).toEqual([])
  })

  test('none in what cannot be compiled', () => expect(found('io.open( =')).toEqual([]))

  test('in deep trees', () => {
    expect(found(`return ${'('.repeat(150)}io.open${')'.repeat(150)}`)).toEqual(['io.open 1:158+7'])
    expect(found(`return ${'1 + '.repeat(20_000)}os.time()`)).toHaveLength(1)
  })
})
