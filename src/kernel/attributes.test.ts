import { describe, expect, test } from 'vitest'
import { FIELDS, makeAttributes, textMemory } from './attributes.ts'
import { describeInKernel } from './kernel.fixture.ts'
import { kernelBtf } from './kernel-btf.ts'
import { ATTACH_TYPE, COMMAND, LINK_TYPE, MAP_TYPE, PROGRAM_TYPE } from './kernel-names.ts'
import { INFO_FIELDS } from './object-info.ts'
import { RecordedCalls } from './recorded-calls.fixture.ts'

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

describe('attributes of bpf(2)', () => {
  test('numbers, names and addresses lie where the kernel looks', () => {
    const system = new RecordedCalls()
    const { bytes } = makeAttributes(system, 'MAP_CREATE', {
      map_type: 33,
      max_entries: 0x102,
      map_flags: 1 << 10,
      map_name: 'a name that is too long',
      map_extra: 2 ** 46,
    })
    expect(hex(bytes)).toBe(
      `21000000${'00000000'.repeat(2)}02010000${'00040000'}${'00000000'.repeat(2)}${hex(Buffer.from('a name that is '))}00` +
        `${'00000000'.repeat(5)}0000000000400000`,
    )
  })

  test('negative numbers have 32 bits', () => {
    const { view } = makeAttributes(new RecordedCalls(), 'LINK_CREATE', { 'netfilter.priority': -5 })
    expect(view.getInt32(24, true)).toBe(-5)
  })

  test('what addresses lead to is kept', () => {
    const system = new RecordedCalls()
    const attributes = makeAttributes(system, 'OBJ_GET', { pathname: textMemory(system, '/x') })
    const bytes = system.at(attributes.view.getBigUint64(0, true))
    expect(hex(bytes)).toBe('2f7800')
    expect(attributes.referred[0]!.bytes).toBe(bytes)
  })
})

/** Where a command's fields are in `union bpf_attr`; those of other commands are in anonymous structs. */
const MEMBER: Partial<Record<keyof typeof FIELDS, string>> = {
  PROG_TEST_RUN: 'test.',
  OBJ_GET_INFO_BY_FD: 'info.',
  PROG_QUERY: 'query.',
  LINK_CREATE: 'link_create.',
  LINK_UPDATE: 'link_update.',
  ENABLE_STATS: 'enable_stats.',
  ITER_CREATE: 'iter_create.',
  LINK_DETACH: 'link_detach.',
}

describeInKernel('our tables and the BTF of this kernel', () => {
  test.each(Object.entries(FIELDS))('fields of %s', (command, fields) => {
    const prefix = MEMBER[command as keyof typeof FIELDS] ?? ''
    for (const [name, [offset]] of Object.entries(fields)) {
      expect([name, kernelBtf().findMember('bpf_attr', `${prefix}${name}`)?.offset]).toEqual([name, offset])
    }
  })

  const structs = { program: 'bpf_prog_info', map: 'bpf_map_info', link: 'bpf_link_info' } as const
  test.each(Object.entries(INFO_FIELDS))('fields of what the kernel tells about a %s', (kind, fields) => {
    for (const [name, [offset]] of Object.entries(fields)) {
      const found = kernelBtf().findMember(structs[kind as keyof typeof structs], name)
      expect([name, found?.offset]).toEqual([name, offset])
    }
  })

  test.each([
    ['BPF_', COMMAND],
    ['BPF_MAP_TYPE_', MAP_TYPE],
    ['BPF_PROG_TYPE_', PROGRAM_TYPE],
    ['BPF_', ATTACH_TYPE],
    ['BPF_LINK_TYPE_', LINK_TYPE],
  ])('numbers of %s…', (prefix, table) => {
    for (const [name, value] of Object.entries(table)) {
      const found = kernelBtf().findEnumValue(`${prefix}${name}`)
      expect([name, found]).toEqual([name, BigInt(value)])
    }
  })
})
