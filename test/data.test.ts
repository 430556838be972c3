// The library data through a state: every type of field, byte orders, unaligned bits, bounds, segments,
// strict mode, and blocks that are lent for one call.
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { State } from '../src/index.ts'
import { describeEngines } from './kernel-state.fixture.ts'

let state: State

/** Runs the body of a function; its results as text, joined by blanks. */
async function run(body: string, ...args: (string | number | Uint8Array)[]): Promise<string> {
  await state.load(
    `local function body(...) ${body}\nend
     function main(...)
       local results = table.pack(body(...))
       for i = 1, results.n do results[i] = tostring(results[i]) end
       return table.concat(results, ' ')
     end`,
    { name: 'data-test.lua' },
  )
  const [text] = await state.call('main', ...args)
  return text as string
}

/** Reads one field of the bytes 45 ab cd ef 01 02 03 04 05 80. */
const field = (spec: string): Promise<string> =>
  run(`local b = data.new{0x45, 0xab, 0xcd, 0xef, 1, 2, 3, 4, 5, 0x80}
       b:layout{f = ${spec}}
       return b.f`)

describeEngines('the library data', (create) => {
  beforeEach(() => {
    state = create()
  })

  afterEach(() => {
    state.close()
  })

  describe('creating blocks', () => {
    test.each([
      ['data.new{1, 2, 255}', '010203'.replace('0203', '02ff')],
      ["data.new('abc')", '616263'],
      ['data.new(3)', '000000'],
      ['data.new{}', ''],
      ["data.new('')", ''],
      ['data.new(0)', ''],
    ])('%s', async (source, hex) => {
      const show = `local b = ${source}; return #b .. ':' .. (tostring(b):gsub('.', function(c) return ('%02x'):format(c:byte()) end))`
      expect(await run(show)).toBe(`${hex.length / 2}:${hex}`)
    })

    test('a block is a userdata and has a copy of the bytes', async () => {
      const body = `local s = ('x'):rep(100)
      local b = data.new(s)
      b:layout{first = {0, 8}}
      b.first = 65
      return type(b), #b, tostring(b):sub(1, 2), s:sub(1, 2)`
      expect(await run(body)).toBe('userdata 100 Ax xx')
    })

    test.each([
      ['data.new(-1)', "bad argument #1 to 'new' (invalid size)"],
      ['data.new()', "bad argument #1 to 'new' (table, string or size expected, got no value)"],
      ['data.new{256}', "bad argument #1 to 'new' (data block elements must be integers from 0 to 255)"],
      ["data.new{1, 'x'}", "bad argument #1 to 'new' (data block elements must be integers from 0 to 255)"],
      ['data.new(1 << 40)', 'not enough memory'],
    ])('%s raises', async (source, message) => {
      expect(await run(`return select(2, pcall(function() local b = ${source} return b end))`)).toContain(
        message,
      )
    })
  })

  describe('number fields', () => {
    test.each([
      ['{0, 8}', '69'],
      ['{0, 4}', '4'],
      ['{4, 4}', '5'],
      ['{72, 1}', '1'],
      ['{73, 7}', '0'],
      ['{8, 16}', `${0xabcd}`],
      ["{8, 16, 'number', 'big'}", `${0xabcd}`],
      ["{8, 16, 'number', 'net'}", `${0xabcd}`],
      ["{8, 16, 'number', 'little'}", `${0xcdab}`],
      ["{8, 16, 'number', 'host'}", `${0xcdab}`],
      ["{8, 16, 'little'}", `${0xcdab}`],
      ['{8, 24}', `${0xabcdef}`],
      ["{8, 24, 'number', 'little'}", `${0xefcdab}`],
      ['{8, 32}', `${0xabcdef01}`],
      ["{8, 32, 'number', 'little'}", `${0x01efcdab}`],
      ['{8, 64}', `${BigInt.asIntN(64, 0xabcdef0102030405n)}`],
      ["{8, 64, 'number', 'little'}", `${0x0504030201efcdabn}`],
      ['{4, 12}', `${0x5ab}`],
      ['{3, 13}', `${0x5ab}`],
      ['{12, 64}', `${BigInt.asIntN(64, 0xbcdef01020304058n)}`],
      ["{4, 16, 'number', 'little'}", `${0xbc5a}`],
      ["{4, 64, 'number', 'little'}", `${0x40302010f0debc5an}`],
      ["{74, 3, 'number', 'little'}", '0'],
      ['{offset = 12, length = 12}', `${0xbcd}`],
      ["{offset = 16, length = 16, endian = 'little'}", `${0xefcd}`],
      ["{offset = 16, length = 16, type = 'number', endian = 'net'}", `${0xcdef}`],
    ])('%s reads %s', async (spec, value) => {
      expect(await field(spec)).toBe(value)
    })

    test('64 bits wrap into signed integers', async () => {
      const body = `local b = data.new{255, 255, 255, 255, 255, 255, 255, 255}
      b:layout{all = {0, 64}, rest = {1, 63}, low = {32, 32}}
      return b.all, b.rest == math.maxinteger, b.low`
      expect(await run(body)).toBe('-1 true 4294967295')
    })

    test('any field of any bytes reads and writes as a bit string says', async () => {
      await state.load(
        `local function hex(b) return (tostring(b):gsub('.', function(c) return ('%02x'):format(c:byte()) end)) end
       function access(b, offset, length, endian, value)
         b:layout{f = {offset, length, 'number', endian}}
         local before = b.f
         b.f = value
         return tostring(before), tostring(b.f), hex(b)
       end`,
        { name: 'access.lua' },
      )
      const cases = fc
        .record({
          bytes: fc.uint8Array({ minLength: 9, maxLength: 24 }),
          length: fc.integer({ min: 1, max: 64 }),
          at: fc.nat(),
          little: fc.boolean(),
          value: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
        })
        .map((c) => ({ ...c, length: c.little && c.length > 8 ? c.length & ~7 || 8 : c.length }))
      await fc.assert(
        fc.asyncProperty(cases, async ({ bytes, length, at, little, value }) => {
          const offset = at % (bytes.length * 8 - length + 1)
          const endian = little ? 'little' : 'big'
          const result = await state.call('access', bytes, offset, length, endian, `${value}`)
          const [before, after, hex] = result as [string, string, string]
          const bits = bitsOf(bytes)
          expect(before).toBe(`${numberOf(bits.slice(offset, offset + length), little)}`)
          expect(after).toBe(`${BigInt.asIntN(64, BigInt.asUintN(length, value))}`)
          const written = bitsOf(Buffer.from(hex, 'hex'))
          const others = (all: string) => all.slice(0, offset) + all.slice(offset + length)
          expect(others(written)).toBe(others(bits))
          expect(`${numberOf(written.slice(offset, offset + length), little)}`).toBe(after)
        }),
        { numRuns: 300 },
      )
    })

    test('writing takes the low bits and leaves the neighbours', async () => {
      const body = `local b = data.new{0, 0, 255}
      b:layout{low = {4, 8}, all = {0, 24}}
      b.low = 0x1ff
      return b.all == 0x0ff0ff, b.low`
      expect(await run(body)).toBe('true 255')
    })

    test('writing takes strings that read as integers, and nothing else', async () => {
      const body = `local b = data.new(2)
      b:layout{n = {0, 16}}
      b.n = '0x102'
      local n = b.n
      local ok, message = pcall(function() b.n = 'x' end)
      local no = pcall(function() b.n = nil end)
      return n, b.n, ok, no, message`
      expect(await run(body)).toMatch(/^258 258 false false .*value cannot be stored in the field$/)
    })
  })

  /** Bytes as a string of bits. */
  function bitsOf(bytes: Uint8Array): string {
    return [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  }

  /** The number that a field's bits stand for, wrapped as in Lua. */
  function numberOf(bits: string, little: boolean): bigint {
    const bytes = bits.length > 8 && little ? (bits.match(/.{8}/g) ?? []).reverse().join('') : bits
    return BigInt.asIntN(64, BigInt(`0b${bytes}`))
  }

  describe('string fields', () => {
    test.each([
      ["{2, 3, 'string'}", 'llo'],
      ["{offset = 0, length = 5, type = 'string'}", 'hello'],
      ["{5, 0, 'string'}", ''],
      ["{3, 3, 'string'}", 'nil'],
    ])('%s reads %s', async (spec, value) => {
      expect(await run(`local b = data.new('hello') b:layout{s = ${spec}} return b.s`)).toBe(value)
    })

    test('longer ones than a short string', async () => {
      const body = `local b = data.new(('abc'):rep(40)) b:layout{s = {3, 90, 'string'}} return b.s == ('abc'):rep(30)`
      expect(await run(body)).toBe('true')
    })

    test('writing a shorter string copies what is there, a longer one is cut', async () => {
      const body = `local b = data.new('hello')
      b:layout{s = {1, 3, 'string'}}
      b.s = 'XY'
      local shorter = tostring(b)
      b.s = 'abcdef'
      local longer = tostring(b)
      b.s = 12
      return shorter, longer, tostring(b), pcall(function() b.s = {} end)`
      expect(await run(body)).toMatch(/^hXYlo habco h12co false .*value cannot be stored in the field$/)
    })
  })

  describe('bounds', () => {
    const outside = `local b = data.new('abc')
    b:layout{n = {20, 8}, s = {2, 2, 'string'}, far = {1 << 31, 64}, wide = {0, 32}}`

    test('reads give nil, writes are ignored', async () => {
      const body = `${outside}
      b.n = 1 b.s = 'xyz' b.far = 1 b.wide = 1 b.other = 1
      return b.n, b.s, b.far, b.wide, b.other, b[1], tostring(b)`
      expect(await run(body)).toBe('nil nil nil nil nil nil abc')
    })

    test.each([
      ['return b.n', 'access outside the data block'],
      ['return b.wide', 'access outside the data block'],
      ['return b.s', 'access outside the data block'],
      ['b.n = 1', 'access outside the data block'],
      ["b.s = 'x'", 'access outside the data block'],
      ['return b.other', "no field 'other' in the layout of the data block"],
      ['b.other = 1', "no field 'other' in the layout of the data block"],
    ])('in strict mode `%s` raises', async (access, message) => {
      const body = `${outside}
      local before = data.strict(true)
      local ok, e = pcall(function() ${access} end)
      return before, data.strict(), ok, e, data.strict(false), b.n`
      const text = await run(body)
      expect(text).toMatch(/^false true false data-test\.lua:\d+: /)
      expect(text).toContain(message)
      expect(text).toMatch(/ true nil$/)
    })

    test('strict mode leaves what is inside alone', async () => {
      expect(
        await run(`data.strict(true) local b = data.new('abc') b:layout{c = {16, 8}} return b.c, #b`),
      ).toBe('99 3')
    })
  })

  describe('segments', () => {
    const segment = (args: string) =>
      run(`local s = data.new('SSH-2.0'):segment(${args}) return s and #s .. ':' .. tostring(s)`)

    test.each([
      ['', '7:SSH-2.0'],
      ['0', '7:SSH-2.0'],
      ['4', '3:2.0'],
      ['4, 2', '2:2.'],
      ['0, 255', '7:SSH-2.0'],
      ['6, 255', '1:0'],
      ['3, 0', '0:'],
      ['7', 'nil'],
      ['7, 0', 'nil'],
      ['8, 1', 'nil'],
      ['0, math.maxinteger', '7:SSH-2.0'],
      ['math.maxinteger, math.maxinteger', 'nil'],
    ])('segment(%s) is %s', async (args, value) => {
      expect(await segment(args)).toBe(value)
    })

    test('of an empty block there is none', async () => {
      expect(await run('return data.new(0):segment(0, 255), data.new(0):segment()')).toBe('nil nil')
    })

    test.each([
      ['-1', "bad argument #1 to 'segment' (must be non-negative)"],
      ['0, -1', "bad argument #2 to 'segment' (must be non-negative)"],
      ['{}', "bad argument #1 to 'segment' (number expected, got table)"],
    ])('segment(%s) raises', async (args, message) => {
      await expect(segment(args)).rejects.toThrow(message)
    })

    test('shares its bytes, and has a layout of its own', async () => {
      const body = `local b = data.new('abcdef')
      b:layout{x = {0, 8}}
      local s = b:segment(2, 3):segment(1)
      local none = s.x
      s:layout{x = {0, 8}}
      s.x = 65
      return none, tostring(b), tostring(s), b.x`
      expect(await run(body)).toBe('nil abcAef Ae 97')
    })

    test('keeps the bytes alive', async () => {
      const body = `local s = data.new(('x'):rep(1000)):segment(990)
      collectgarbage() collectgarbage()
      local junk = {}
      for i = 1, 100 do junk[i] = ('y'):rep(1000 + i) end
      return tostring(s)`
      expect(await run(body)).toBe('xxxxxxxxxx')
    })
  })

  describe('layouts', () => {
    test('a compiled one serves many blocks', async () => {
      const body = `local l = data.layout{a = {0, 8}, b = {8, 8}}
      local x, y = data.new('ab'):layout(l), data.new('cd'):layout(l)
      return x.a, x.b, y.a, y.b, data.layout(l) == l`
      expect(await run(body)).toBe('97 98 99 100 true')
    })

    test('survives collection together with the block', async () => {
      const body = `local b = data.new('ab'):layout{only = {8, 8}}
      collectgarbage() collectgarbage()
      for i = 1, 100 do local t = {i} end
      return b.only`
      expect(await run(body)).toBe('98')
    })

    test('later changes of the table do not show', async () => {
      expect(
        await run(`local t = {a = {0, 8}} local b = data.new('ab'):layout(t) t.a[1] = 8 return b.a`),
      ).toBe('97')
    })

    test('methods win over fields of their names', async () => {
      const body = `local b = data.new('ab') b:layout{segment = {0, 8}, layout = {0, 8}, a = {0, 8}}
      return tostring(b:segment(1)), b:layout{a = {8, 8}}.a`
      expect(await run(body)).toBe('b 98')
    })

    test.each([
      ['{x = {0, 0}}', 'number fields have 1 to 64 bits'],
      ['{x = {0, 65}}', 'number fields have 1 to 64 bits'],
      ["{x = {0, 12, 'number', 'little'}}", 'little-endian fields must be whole bytes'],
      ["{x = {0, 8, 'float'}}", "unknown type 'float' in layout"],
      ["{x = {0, 8, 'number', 'middle'}}", "unknown byte order 'middle' in layout"],
      ['{x = {0}}', "invalid layout field 'x'"],
      ['{x = {-1, 8}}', "invalid layout field 'x'"],
      ["{x = {0, -1, 'string'}}", "invalid layout field 'x'"],
      ['{x = 5}', "invalid layout field 'x'"],
      ['{{0, 8}}', "invalid layout field '1'"],
      ['5', "bad argument #1 to 'layout' (table expected, got number)"],
    ])('data.layout(%s) raises', async (layout, message) => {
      await expect(run(`return data.layout(${layout})`)).rejects.toThrow(message)
      await expect(run(`local b = data.new(8):layout(${layout}) return b`)).rejects.toThrow(message)
    })

    test('whatever a script puts into a compiled layout, accesses stay inside the block', async () => {
      const body = `local l = data.layout{x = {0, 8}}
      local b, guard = data.new(16), data.new(('g'):rep(64))
      b:layout(l)
      for kind = 0, 15 do
        for _, length in ipairs{0, 1, 63, 64, 65, 1000, 0x7ffffff} do
          for _, offset in ipairs{0, 1, 7, 15, 16, 17, 127, 128, 1000, 0xffffffff} do
            l.x = kind << 59 | length << 32 | offset
            local _ = b.x
            pcall(function() b.x = -1 end)
            pcall(function() b.x = ('z'):rep(2000) end)
          end
        end
      end
      return tostring(guard) == ('g'):rep(64), #b`
      expect(await run(body)).toBe('true 16')
    })
  })

  describe('lent blocks', () => {
    const bytes = () => Uint8Array.of(0x45, 1, 2, 3, 4, 5)

    test('show the memory of the call', async () => {
      const body = `local b = ... b:layout{version = {0, 4}, rest = {8, 16}} return #b, b.version, b.rest, type(b)`
      expect(await run(body, bytes())).toBe('6 4 258 userdata')
    })

    test('of several, each has its own bytes; an empty one has none', async () => {
      const body = 'local a, b, c = ... return tostring(a), tostring(b), #c, c:segment(0, 255)'
      expect(await run(body, Buffer.from('header'), Buffer.from('payload'), new Uint8Array())).toBe(
        'header payload 0 nil',
      )
    })

    test.each([
      ['kept.f', 'read'],
      ['kept.segment', 'looked up'],
      ['kept.f == nil or 1', 'read'],
      ['#kept', 'measured'],
      ['tostring(kept)', 'converted'],
      ['kept:segment(0, 1)', 'divided'],
      ['kept:layout{}', 'given a layout'],
      ['part.f', 'read through a segment'],
      ['#part', 'measured through a segment'],
      ['tostring(part)', 'converted through a segment'],
      ['(function() kept.f = 1 end)()', 'written'],
      ['(function() part.f = 1 end)()', 'written through a segment'],
    ])('after the call `%s` raises: it can no longer be %s', async (use) => {
      await run(
        `kept = ... kept:layout{f = {0, 8}} part = kept:segment(1) part:layout{f = {0, 8}} return kept.f`,
        bytes(),
      )
      const body = `local ok, e = pcall(function() local _ = ${use} end) return ok, e`
      expect(await run(body)).toMatch(/^false (\S+:\d+: )?data block used after the call that lent it$/)
      // nor while another block is lent
      expect(await run(body, bytes())).toContain('data block used after the call that lent it')
    })

    test('a call that failed ends the loan too', async () => {
      await expect(run(`kept = ... error('x')`, bytes())).rejects.toThrow('x')
      await expect(run('return #kept')).rejects.toThrow('data block used after the call that lent it')
    })

    test('what was copied stays', async () => {
      await run('copy = data.new(tostring(...)) return 1', bytes())
      expect(await run('copy:layout{f = {8, 16}} return #copy, copy.f')).toBe('6 258')
    })
  })
})
