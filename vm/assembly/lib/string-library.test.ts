/**
 * The string library against the reference implementation: many generated calls, run by lua5.4 and by
 * Moonring from one script each, whose output must be the same line by line, errors included. Then what
 * the reference cannot be asked: fuel, memory, and refusals.
 */

import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { LuaError, OutOfFuel, State } from '../../../src/index.ts'
import { describeUnless } from '../../../test/needs.fixture.ts'

const SEED = 54
const installed = spawnSync('lua5.4', ['-v']).error === undefined

/** Prints results or the error of a call, with bytes outside ASCII escaped. */
const PRELUDE = `
local function show(v)
  if type(v) ~= 'string' then return tostring(v) end
  return '"' .. v:gsub('[^ !#-Z^-~]', function(c) return '\\\\' .. c:byte() end) .. '"'
end
local function all(f, s, p)
  local out = {}
  for a, b, c in f(s, p) do out[#out + 1] = show(a) .. '|' .. show(b) .. '|' .. show(c) end
  return table.concat(out, ' ')
end
local function T(f, ...)
  local r = table.pack(pcall(f, ...))
  for i = 1, r.n do r[i] = show(r[i]) end
  print(table.concat(r, ',', 1, r.n))
end
`

const runOurs = async (script: string, options: { fuel?: number; memory?: number } = {}): Promise<string> => {
  const parts: Uint8Array[] = []
  const state = await State.create({
    memory: 1 << 24,
    ...options,
    output: (bytes) => parts.push(bytes.slice()),
  })
  try {
    await state.load(script, { name: 'stdin' })
  } finally {
    state.close()
  }
  return Buffer.concat(parts).toString('latin1')
}

/** A Lua expression for a value; strings are of Latin-1 characters, one a byte. */
const literal = (v: string | number | bigint | boolean | null): string => {
  if (v === null) return 'nil'
  if (typeof v !== 'string') return v === -(1n << 63n) ? 'math.mininteger' : String(v)
  const escaped = v.replace(/[^ !#-Z^-~]/g, (c) => `\\${String(c.charCodeAt(0)).padStart(3, '0')}`)
  return `"${escaped}"`
}

type Value = string | number | bigint | boolean | null
const callOf = (f: string, args: readonly Value[]): string => `T(${[f, ...args.map(literal)].join(', ')})`

/** Runs the calls in both and expects the same lines. The functions stay under the limit of a chunk. */
const compare = async (calls: readonly string[]): Promise<void> => {
  const body = calls.map((call, i) =>
    i % 500 === 0 ? `${i > 0 ? 'end)();' : ''} (function() ${call}` : call,
  )
  const script = `${PRELUDE};${body.join('\n')}\nend)()`
  const reference = spawnSync('lua5.4', ['-'], { input: script, maxBuffer: 1 << 28 })
  expect(reference.status, reference.stderr.toString()).toBe(0)
  const wanted = reference.stdout.toString('latin1').split('\n')
  const got = (await runOurs(script)).split('\n')
  const different = calls.flatMap((call, i) =>
    wanted[i] === got[i] ? [] : [`${call}\n  lua5.4: ${wanted[i]}\n  ours:   ${got[i]}`],
  )
  expect(different.slice(0, 5)).toEqual([])
  expect(got.length).toBe(wanted.length)
}

const word = (...choices: readonly string[]): fc.Arbitrary<string> => fc.constantFrom(...choices)

const single = word(
  'a',
  'b',
  'c',
  '.',
  '%a',
  '%d',
  '%s',
  '[ab]',
  '[^a]',
  '[a-c]',
  '%w',
  '%A',
  '[^%s]',
  '%-',
  '1',
  ' ',
  '%.',
  '[b-]',
  '[]]',
  '%W',
)
const item = fc.letrec<{ item: string; group: string }>((tie) => ({
  item: fc.oneof(
    { weight: 12, arbitrary: fc.tuple(single, word('', '', '', '*', '+', '-', '?')).map((p) => p.join('')) },
    { weight: 3, arbitrary: tie('group') },
    { weight: 2, arbitrary: word('()', '%bab', '%b()', '%f[a]', '%f[^%w]', '%1', '%2') },
    { weight: 1, arbitrary: word('(', ')', '[a', '%', '%b', '%f', '^', '$', '%0') },
  ),
  group: fc.array(tie('item'), { minLength: 1, maxLength: 3 }).map((items) => `(${items.join('')})`),
})).item
const pattern = fc
  .tuple(word('', '', '', '^'), fc.array(item, { minLength: 1, maxLength: 5 }), word('', '', '', '$'))
  .map(([head, items, tail]) => head + items.join('') + tail)
const subject = fc
  .array(word('a', 'b', 'c', '1', ' ', '.', 'ab', 'aaa', '(', ')', '-', 'abc1 ', '\0', '\xff'), {
    maxLength: 30,
  })
  .map((pieces) => pieces.join(''))
const by = word('<%0>', '%1', 'x', '', '%2%1', '%%', '%', '%x')

const sample = <T>(arbitrary: fc.Arbitrary<T>, count: number): T[] =>
  fc.sample(arbitrary, { seed: SEED, numRuns: count })

describeUnless(!installed && 'lua5.4 is not installed')('the string library gives what lua5.4 gives', () => {
  test('for patterns', async () => {
    const calls = sample(fc.tuple(subject, pattern, by, fc.integer({ min: -3, max: 8 })), 2500)
    await compare(
      calls.flatMap(([s, p, r, n]) => [
        callOf('string.find', [s, p, n]),
        callOf('string.match', [s, p]),
        callOf('string.gsub', [s, p, r]),
        `T(string.gsub, ${literal(s)}, ${literal(p)}, function(a, b) return b end, ${n})`,
        `T(string.gsub, ${literal(s)}, ${literal(p)}, { a = 'A', b = 7, ab = false }, ${n})`,
        `T(all, string.gmatch, ${literal(s)}, ${literal(p)})`,
      ]),
    )
  })

  test('for plain searches', async () => {
    const text = fc
      .array(word('a', 'b', 'ab', 'aab', '\0'), { maxLength: 60 })
      .map((pieces) => pieces.join(''))
    const part = fc.array(word('a', 'b', 'ab'), { maxLength: 8 }).map((pieces) => pieces.join(''))
    const calls = sample(fc.tuple(text, part, fc.integer({ min: -9, max: 40 })), 2000)
    await compare(calls.map(([s, p, init]) => callOf('string.find', [s, p, init, true])))
  })

  test('for formats', async () => {
    const values: Value[] = [
      0,
      1,
      -1,
      8,
      255,
      -255,
      1n << 62n,
      -(1n << 63n),
      '77',
      'x',
      'a\0b',
      'y'.repeat(120),
      true,
      null,
    ]
    const spec = fc.tuple(
      word('', '-', '+', ' ', '0', '#', '-0', '#0', '+ '),
      word('', '1', '5', '20', '99', '100', '05'),
      word('', '.', '.0', '.3', '.99', '.100'),
      word('d', 'i', 'u', 'o', 'x', 'X', 'c', 's', 'q', 'y', '%', ''),
    )
    const calls = sample(fc.tuple(spec, fc.constantFrom(...values)), 4000)
    await compare(calls.map(([parts, v]) => callOf('string.format', [`[%${parts.join('')}]`, v])))
  })

  test('for pack, packsize and unpack', async () => {
    const option = word(
      ...'b B h H l L j J T i I i1 i3 i7 i16 I1 I9 I17 i0 s s1 s2 z x Xi4 Xb X Xz < > = ! !1 !4 !3 c0 c5 c q'.split(
        ' ',
      ),
      ' ',
    )
    const value = fc.constantFrom<Value>(
      0,
      1,
      -1,
      127,
      128,
      65535,
      1n << 62n,
      -(1n << 63n),
      'ab',
      'x\0y',
      '12',
      true,
      null,
    )
    const calls = sample(
      fc.tuple(
        fc.array(option, { maxLength: 5 }),
        fc.array(value, { maxLength: 5 }),
        subject,
        fc.integer({ min: -3, max: 9 }),
      ),
      4000,
    )
    await compare(
      calls.flatMap(([options, values, s, n]) => [
        callOf('string.pack', [options.join(''), ...values]),
        callOf('string.packsize', [options.join('')]),
        callOf('string.unpack', [options.join(''), s, n]),
      ]),
    )
  })

  test('for utf8', async () => {
    const piece = word(
      'a',
      'b',
      '\xc3\xa9',
      '\xe2\x82\xac',
      '\xf0\x9f\x98\x80',
      '\x80',
      '\xff',
      '\xc0\x80',
      '\xed\xa0\x80',
      '\xfd\xbf\xbf\xbf\xbf\xbf',
      '\xe2\x82',
      '\0',
    )
    const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''))
    const place = fc.constantFrom<Value>(0, 1, 2, 3, -1, -2, 9, 100, -100, null)
    const calls = sample(fc.tuple(text, place, place, fc.boolean()), 2500)
    await compare(
      calls.flatMap(([s, i, j, lax]) => [
        callOf('utf8.len', [s, i, j, lax]),
        callOf('utf8.codepoint', [s, i, j, lax]),
        callOf('utf8.offset', [s, i, j]),
        `T(all, utf8.codes, ${literal(s)}, ${lax})`,
      ]),
    )
  })

  test('for numerals', async () => {
    const numeral = fc
      .array(word('0', '1', '9', '99999999', '0x', 'f', '-', '+', ' ', '\t', 'g'), { maxLength: 6 })
      .map((pieces) => pieces.join(''))
    // texts that read as floats are left out: the reference converts them
    const integers =
      "function(s, base) local n = tonumber(s, base) return math.type(n) == 'integer' and n or nil end"
    const calls = sample(fc.tuple(numeral, fc.integer({ min: 2, max: 36 })), 3000)
    await compare(calls.flatMap(([s, base]) => [callOf(integers, [s]), callOf(integers, [s, base])]))
  })
})

describe('within limits', () => {
  test('a pattern that backtracks without end costs fuel', async () => {
    const hopeless = "return ('a'):rep(40):match(('a?'):rep(40) .. ('a'):rep(40) .. 'b')"
    await expect(runOurs(hopeless, { fuel: 3_000_000 })).rejects.toThrow(OutOfFuel)
  })

  test('a match that outlasts a slice of fuel goes on where it stopped', async () => {
    const script = `
      local s = ('a'):rep(330)
      print(s:match('^.-.-.-.-b'), (s:gsub('^(a-)(a-)(a-)(a-)b', '-') == s))
      print((('a'):rep(90) .. 'bac'):gsub('(a-)(a-)(a-)(a-)c', function(_, _, _, z) return z .. '!' end))`
    expect(await runOurs(script, { fuel: 1_000_000_000 })).toBe(`nil\ttrue\n${'a'.repeat(90)}ba!\t1\n`)
  })

  test('deep backtracking is refused, not fatal', async () => {
    const script = `
      print(#('a'):rep(1000):match(('.?'):rep(1000)))
      print(pcall(string.match, ('a'):rep(200000), ('.?'):rep(200000)))`
    expect(await runOurs(script, { memory: 1 << 20 })).toBe('1000\nfalse\tpattern too complex\n')
  })

  test('large strings are refused before they are made', async () => {
    const script = `
      print(pcall(string.rep, 'x', 1000000000))
      print(pcall(string.rep, 'x', 1 << 40))`
    const refused = 'false\tnot enough memory\nfalse\tresulting string too large\n'
    expect(await runOurs(script, { memory: 1 << 20 })).toBe(refused)
  })

  test('conversions that need floats are refused by name', async () => {
    for (const call of [
      "('%5.2f'):format(1)",
      "('%g'):format(1)",
      "string.pack('d', 1)",
      "string.packsize('n')",
    ])
      await expect(runOurs(`return ${call}`)).rejects.toThrow(/needs floats/)
    await expect(runOurs("return ('%5.2f'):format(1)")).rejects.toThrow(LuaError)
  })
})
