import { describe, expect, test } from 'vitest'
import { Btf, BtfFormatError } from './btf.ts'
import { KIND } from './btf-format.ts'
import { describeInKernel } from './kernel.fixture.ts'
import { kernelBtf, kfuncId, readBtf } from './kernel-btf.ts'
import { encodeProgramBtf } from './program-btf.ts'

/** BTF from types as words, whose names are texts. */
function btfOf(types: readonly (readonly (string | number)[])[]): Btf {
  let strings = '\0'
  const offsetOf = (text: string) => {
    // each name is there once, and none is the end of another
    if (text !== '' && !strings.includes(`\0${text}\0`)) strings += `${text}\0`
    return text === '' ? 0 : strings.indexOf(`\0${text}\0`) + 1
  }
  const words = types.flat().map((word) => (typeof word === 'string' ? offsetOf(word) : word))
  const header = Buffer.alloc(24)
  header.writeUInt16LE(0xeb9f)
  header.writeUInt8(1, 2)
  ;[24, 0, 4 * words.length, 4 * words.length, strings.length].forEach((word, i) => {
    header.writeUInt32LE(word, 4 + 4 * i)
  })
  const body = Buffer.from(Uint32Array.from(words).buffer)
  return new Btf(Buffer.concat([header, body, Buffer.from(strings)]))
}

const info = (kind: number, vlen: number, flag = false) => ((kind << 24) | vlen | (flag ? 1 << 31 : 0)) >>> 0

const SAMPLE = btfOf([
  ['int', info(KIND.INT, 0), 4, 32], // 1
  ['', info(KIND.UNION, 2), 8, 'left', 1, 0, 'right', 1, 32], // 2, anonymous
  ['inner', info(KIND.STRUCT, 2, true), 4, 'low', 1, (3 << 24) | 0, 'high', 1, (29 << 24) | 3], // 3
  ['inner_t', info(KIND.TYPEDEF, 0), 3], // 4
  ['', info(KIND.CONST, 0), 4], // 5
  ['outer', info(KIND.STRUCT, 3), 16, 'first', 1, 0, '', 2, 32, 'part', 5, 96], // 6
  ['colour', info(KIND.ENUM, 2), 4, 'RED', 3, 'BLUE', 0xffffffff], // 7
  ['wide', info(KIND.ENUM64, 1, true), 8, 'LOWEST', 0, 0x80000000], // 8
  ['f', info(KIND.FUNCTION, 1), 10], // 9
  ['', info(KIND.PROTOTYPE, 1), 1, 'x', 1], // 10
  ['outer', info(KIND.FORWARD, 0), 0], // 11
])

describe('reading BTF', () => {
  test('types by name and kind', () => {
    expect(SAMPLE.count).toBe(12)
    expect(SAMPLE.find('outer', KIND.STRUCT)).toBe(6)
    expect(SAMPLE.find('outer', KIND.FORWARD)).toBe(11)
    expect(SAMPLE.findFunction('f')).toBe(9)
    expect(SAMPLE.findFunction('outer')).toBeUndefined()
    expect(SAMPLE.findFunction('oute')).toBeUndefined()
    expect(SAMPLE.name(9)).toBe('f')
  })

  test('members, also of anonymous unions, of nested structs behind typedefs, and bit fields', () => {
    expect(SAMPLE.findMember('outer', 'first')).toEqual({ bitOffset: 0, offset: 0, bitSize: 0, type: 1 })
    expect(SAMPLE.findMember('outer', 'right')).toEqual({ bitOffset: 64, offset: 8, bitSize: 0, type: 1 })
    expect(SAMPLE.findMember('outer', 'part.high')).toEqual({
      bitOffset: 99,
      offset: 12,
      bitSize: 29,
      type: 1,
    })
    expect(SAMPLE.findMember('outer', 'nothing')).toBeUndefined()
    expect(SAMPLE.findMember('outer', 'first.nothing')).toBeUndefined()
    expect(SAMPLE.memberIndex(6, 'part')).toBe(2)
  })

  test('values of enums', () => {
    expect(SAMPLE.findEnumValue('RED')).toBe(3n)
    expect(SAMPLE.findEnumValue('BLUE')).toBe(0xffffffffn)
    expect(SAMPLE.findEnumValue('LOWEST')).toBe(-(2n ** 63n))
    expect(SAMPLE.findEnumValue('GREEN')).toBeUndefined()
  })

  test('bytes that are no BTF', () => {
    expect(() => new Btf(new Uint8Array(100))).toThrow(BtfFormatError)
    const { bytes } = encodeProgramBtf([{ name: 'f', start: 0, parameters: 1, linkage: 'global' }])
    for (let length = 0; length < bytes.length; length++) {
      expect(() => new Btf(bytes.slice(0, length)), `${length} bytes`).toThrow(BtfFormatError)
    }
  })

  test('a kernel without BTF', () => {
    expect(() => readBtf('/nowhere')).toThrow(/Cannot read the kernel's types: ENOENT/)
    expect(() => kfuncId('bpf_nothing', SAMPLE)).toThrow(/no such kfunc/)
  })
})

test('the BTF of our programs: a prototype for each number of arguments, named arguments, linkage', () => {
  const functions = [
    { name: 'main', start: 0, parameters: 1, linkage: 'static' },
    { name: 'add', start: 9, parameters: 2, linkage: 'global' },
    { name: 'one', start: 12, parameters: 1, linkage: 'global' },
    { name: 'none', start: 14, parameters: 0, linkage: 'static' },
  ] as const
  const { bytes, functionInfo } = encodeProgramBtf(functions)
  const btf = new Btf(bytes)
  const records = new Uint32Array(functionInfo.buffer)
  const found = functions.map((_, i) => {
    const id = records[2 * i + 1]!
    const prototype = btf.sizeOrType(id)
    const names = Array.from({ length: btf.vlen(prototype) }, (_, k) =>
      btf.string(btf.trailer(prototype, 2 * k)),
    )
    return { name: btf.name(id), start: records[2 * i], linkage: btf.vlen(id), names }
  })
  expect(found).toEqual([
    { name: 'main', start: 0, linkage: 0, names: ['a1'] },
    { name: 'add', start: 9, linkage: 1, names: ['a1', 'a2'] },
    { name: 'one', start: 12, linkage: 1, names: ['a1'] },
    { name: 'none', start: 14, linkage: 0, names: [] },
  ])
  // an integer, three prototypes, four functions, and void
  expect(btf.count).toBe(9)
  const integer = btf.find('u64', KIND.INT)!
  expect([btf.sizeOrType(integer), btf.trailer(integer, 0)]).toEqual([8, 64])
  for (let id = 1; id < btf.count; id++) {
    if (btf.kind(id) === KIND.PROTOTYPE) expect(btf.sizeOrType(id)).toBe(integer)
  }
})

describeInKernel('the BTF of this kernel', () => {
  test('kfuncs, members, enums', () => {
    const btf = kernelBtf()
    expect(btf.name(kfuncId('bpf_dynptr_from_skb'))).toBe('bpf_dynptr_from_skb')
    expect(btf.findMember('bpf_nf_ctx', 'skb')?.offset).toBe(8)
    expect(btf.findMember('sk_buff', 'len')?.offset).toBeGreaterThan(0)
    expect(btf.findMember('sk_buff', 'pkt_type')?.bitSize).toBe(3)
    expect(btf.findEnumValue('BPF_PROG_TYPE_NETFILTER')).toBe(32n)
    expect(kernelBtf()).toBe(btf)
  })
})
