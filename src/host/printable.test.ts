import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  characterLength,
  clipped,
  decodeBytes,
  encodeBytes,
  jsonText,
  oneLine,
  printable,
  unfinished,
} from './printable.ts'

/** What no terminal may be given. */
const OBEYED = /[^\P{Cc}\n\t]|[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|\p{Cs}/u

const bytes = fc.uint8Array({ maxLength: 40 })
const anyText = fc.oneof(fc.string({ unit: 'binary' }), bytes.map(decodeBytes))

test('what a terminal would obey is spelled as Lua does', () => {
  expect(printable('a\tb\n\x1b]0;x\x07\x7f\u009b\u202e')).toBe('a\tb\n\\x1b]0;x\\x07\\x7f\\x9b\\u{202e}')
  expect(oneLine('a\tb\nc')).toBe('a\\tb\\nc')
  expect(printable(decodeBytes(Buffer.from([0x66, 0xff, 0x6f])))).toBe('f\\xffo')
  expect(printable('Grüße, 世界 🙂')).toBe('Grüße, 世界 🙂')
})

test('whatever a text holds, nothing of that reaches the terminal', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      expect(printable(text)).not.toMatch(OBEYED)
      expect(oneLine(text)).not.toMatch(/[\n\t]/)
    }),
  )
})

test('bytes come back from the string that they have become', () => {
  fc.assert(
    fc.property(bytes, (b) => {
      expect(encodeBytes(decodeBytes(b))).toEqual(Buffer.from(b))
    }),
  )
  // a surrogate written as if it were a character is three wrong bytes
  expect(encodeBytes(decodeBytes(Buffer.from([0xed, 0xb2, 0x80])))).toEqual(Buffer.from([0xed, 0xb2, 0x80]))
})

test('characters are those of TextDecoder', () => {
  const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  const isFine = (b: Uint8Array) => {
    try {
      return strict.decode(b).length > 0
    } catch {
      return false
    }
  }
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 4 }), (b) => {
      const length = characterLength(b, 0)
      if (length > 0) expect(isFine(b.subarray(0, length))).toBe(true)
      else expect([1, 2, 3, 4].some((n) => n <= b.length && isFine(b.subarray(0, n)))).toBe(false)
    }),
    { numRuns: 2000 },
  )
})

test('a character that is cut off at the end is waited for', () => {
  const text = Buffer.from('x🙂')
  expect([1, 2, 3, 4, 5].map((end) => unfinished(text.subarray(0, end)))).toEqual([0, 1, 2, 3, 0])
  expect(unfinished(Buffer.from([0xff]))).toBe(0)
  expect(unfinished(Buffer.from([0x80, 0x80]))).toBe(0)
})

test('long texts are cut, and say by how much', () => {
  expect(clipped('abcdef', 3)).toBe('abc… (3 more characters)')
  expect(clipped('ab🙂', 3)).toBe('ab… (2 more characters)')
  expect(clipped('abc', 3)).toBe('abc')
})

test('JSON means the same to programs, and nothing to a terminal', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const document = jsonText({ text }, 2)
      expect(JSON.parse(document)).toEqual({ text })
      expect(document).not.toMatch(OBEYED)
    }),
  )
})
