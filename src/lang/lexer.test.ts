import { describe, expect, test } from 'vitest'
import { Findings } from './diagnostics.ts'
import { Lexer } from './lexer.ts'
import { toSource } from './source.ts'

function lex(text: string | Uint8Array, name = '=x') {
  const source = toSource(text, name)
  const findings = new Findings(source)
  const lexer = new Lexer(source, findings)
  const tokens: (string | bigint)[] = []
  for (lexer.advance(); lexer.kind !== '<eof>'; lexer.advance()) {
    const { kind, string, integer } = lexer
    tokens.push(kind === '<integer>' ? integer : kind === '<string>' || kind === '<name>' ? string : kind)
  }
  return { tokens, codes: findings.list().map(({ code }) => code), line: lexer.line }
}

function one(text: string): string | bigint {
  const { tokens, codes } = lex(text)
  expect(codes).toEqual([])
  expect(tokens).toHaveLength(1)
  return tokens[0]!
}

test('every token', () => {
  const text =
    '+ - * / % ^ # & ~ | << >> // == ~= <= >= < > = ( ) { } [ ] :: ; : , . .. ... ' +
    'and break do else elseif end false for function goto if in local nil not or repeat return then true until while'
  expect(lex(text).tokens).toEqual(text.split(' '))
})

test('tokens without space between them', () => {
  expect(lex('a.b:c(1)..x~=y<<2//3').tokens).toEqual([
    'a',
    '.',
    'b',
    ':',
    'c',
    '(',
    1n,
    ')',
    '..',
    'x',
    '~=',
    'y',
    '<<',
    2n,
    '//',
    3n,
  ])
})

describe('integers', () => {
  test.each([
    ['0', 0n],
    ['007', 7n],
    ['9223372036854775807', 9223372036854775807n],
    ['0xff', 255n],
    ['0XA', 10n],
    ['0x7fffffffffffffff', 0x7fffffffffffffffn],
    ['0xffffffffffffffff', -1n],
    ['0x8000000000000000', -0x8000000000000000n],
    ['0x123456789abcdef01', 0x23456789abcdef01n],
  ])('%s', (text, value) => {
    expect(one(text)).toBe(value)
  })

  test.each(['9223372036854775808', '99999999999999999999'])('%s does not fit', (text) => {
    expect(lex(text).codes).toEqual(['L013'])
  })

  test.each(['3.14', '1e3', '0x1p4', '.5', '3.', '1E+2', '0x.8', '0xA.8p-1', '1e999', '1e-999'])(
    '%s is a float',
    (text) => {
      expect(lex(text).codes).toEqual(['L012'])
    },
  )

  test.each(['3x', '0x', '1..2', '1e', '0x1p', '08a', '1_000', '1.2.3', '0xep1q'])(
    '%s is malformed',
    (text) => {
      expect(lex(text).codes).toEqual(['L011'])
    },
  )
})

describe('strings', () => {
  test.each([
    ["'abc'", 'abc'],
    ['"a\'b"', "a'b"],
    [String.raw`'\a\b\f\n\r\t\v\\\"\''`, '\x07\b\f\n\r\t\v\\"\''],
    [String.raw`'\x41\xfF'`, 'A\xff'],
    [String.raw`'\65\0651\0'`, 'AA1\0'],
    [String.raw`'a\z  b'`, 'ab'],
    ["'a\\z \n\t b'", 'ab'],
    ["'a\\\nb'", 'a\nb'],
    ["'a\\\r\nb'", 'a\nb'],
    [String.raw`'\u{48}\u{20AC}'`, 'H\xe2\x82\xac'],
    [String.raw`'\u{7FF}\u{800}\u{FFFF}\u{10000}'`, '\xdf\xbf\xe0\xa0\x80\xef\xbf\xbf\xf0\x90\x80\x80'],
    [String.raw`'\u{1FFFFF}\u{3FFFFFF}'`, '\xf7\xbf\xbf\xbf\xfb\xbf\xbf\xbf\xbf'],
    [String.raw`'\u{7FFFFFFF}'`, '\xfd\xbf\xbf\xbf\xbf\xbf'],
    ['[[abc]]', 'abc'],
    ['[==[a]]b]=]c]==]', 'a]]b]=]c'],
    ['[[\nabc\r\nd\n\re\rf\n\n]]', 'abc\nd\ne\nf\n\n'],
    ['[[\\n]]', '\\n'],
    ['[[]]', ''],
  ])('%j', (text, value) => {
    expect(one(text)).toBe(value)
  })

  test('bytes that are not UTF-8 stay as they are', () => {
    expect(lex(Buffer.from("'\xff\x80\xc3'", 'latin1')).tokens).toEqual(['\xff\x80\xc3'])
  })

  test('JavaScript strings are taken as UTF-8', () => {
    expect(one("'é'")).toBe('\xc3\xa9')
  })

  test('an unfinished string ends with its line', () => {
    expect(lex("x = 'abc\ny = 2")).toEqual({
      tokens: ['x', '=', 'abc', 'y', '=', 2n],
      codes: ['L001'],
      line: 2,
    })
  })

  test('a bad escape does not end the string', () => {
    expect(lex(String.raw`'a\qb\300c\xZd' x`)).toEqual({
      tokens: ['abcd', 'x'],
      codes: ['L005', 'L006', 'L007'],
      line: 1,
    })
  })
})

describe('comments and lines', () => {
  test('short and long comments', () => {
    expect(lex('a--b\nc--[[d\ne]]f--[==[\n]]]==]g--[=h\ni').tokens).toEqual(['a', 'c', 'f', 'g', 'i'])
  })

  test('line breaks', () => {
    expect(lex('a\nb\rc\r\nd\n\re\n\nf').line).toBe(7)
    expect(lex("'a\\\n\\z\n\nb' [[\n\n]]").line).toBe(6)
  })

  test('a first line with # in a file is skipped, and a byte order mark', () => {
    expect(lex('#!/usr/bin/lua\nx', '@x').tokens).toEqual(['x'])
    expect(lex(Buffer.from('\xef\xbb\xbf#!lua\nx', 'latin1'), '@x').tokens).toEqual(['x'])
    expect(lex('x\n#y', '@x').tokens).toEqual(['x', '#', 'y'])
    expect(lex('#y').tokens).toEqual(['#', 'y'])
  })
})

test('peeking leaves the current token as it was', () => {
  const source = toSource('a --[[\n]] = "x"', '=x')
  const lexer = new Lexer(source, new Findings(source))
  lexer.advance()
  expect(lexer.peek()).toBe('=')
  expect([lexer.kind, lexer.string, lexer.line]).toEqual(['<name>', 'a', 1])
  lexer.advance()
  expect([lexer.kind, lexer.line]).toEqual(['=', 2])
})
