import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bytesOf, pcapBytes } from '../../tools/packets/sample-packets.ts'
import { PacketError } from './packet-error.ts'
import { parsePcap } from './pcap.ts'

const PACKETS = [bytesOf('first'), bytesOf(''), bytesOf('the third packet')]

function errorOf(bytes: Uint8Array): PacketError {
  try {
    for (const _ of parsePcap(bytes, 'x.pcap').records());
  } catch (error) {
    if (error instanceof PacketError) return error
    throw error
  }
  throw new Error('no error')
}

function word(offset: number, value: number): Uint8Array {
  const bytes = pcapBytes(PACKETS)
  new DataView(bytes.buffer).setUint32(offset, value, true)
  return bytes
}

describe('records', () => {
  for (const littleEndian of [true, false]) {
    for (const nanoseconds of [true, false]) {
      test(`${littleEndian ? 'little' : 'big'} endian, ${nanoseconds ? 'nano' : 'micro'}seconds`, () => {
        const pcap = parsePcap(
          pcapBytes(PACKETS, { littleEndian, nanoseconds, snapLength: 96, linkType: 101 }),
          'x',
        )
        expect(pcap.format).toEqual({ littleEndian, nanoseconds, snapLength: 96, linkType: 101 })
        const records = [...pcap.records()]
        expect(records.map(({ start, end }) => pcap.bytes.slice(start, end))).toEqual(PACKETS)
        expect(records[2]).toMatchObject({ seconds: 1700000000, fraction: 2, originalLength: 16, offset: 61 })
      })
    }
  }

  test('shares the bytes, also of a view into a larger buffer', () => {
    const inner = pcapBytes(PACKETS)
    const outer = Buffer.concat([Buffer.from('before'), inner])
    const pcap = parsePcap(outer.subarray(6), 'x')
    expect(pcap.bytes.buffer).toBe(outer.buffer)
    expect([...pcap.records()]).toHaveLength(3)
  })

  test('the length on the wire may be larger than what was captured', () => {
    const pcap = parsePcap(pcapBytes(PACKETS, { originalLength: 9000 }), 'x')
    expect([...pcap.records()].map((record) => record.originalLength)).toEqual([9000, 9000, 9000])
  })

  test('a header alone is a capture without packets', () => {
    expect([...parsePcap(pcapBytes([]), 'x').records()]).toEqual([])
  })

  test('bits of the link type field about frame check sequences are left out', () => {
    expect(parsePcap(word(20, 0x14000001), 'x').format.linkType).toBe(1)
  })
})

describe('refused', () => {
  const zeros = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
  const cases: [what: string, bytes: Uint8Array, code: string, message: string, hint: string][] = [
    ['empty', bytesOf(), 'K003', 'Cannot read x.pcap: the file is empty', 'record it again'],
    ['two bytes', bytesOf([0xd4, 0xc3]), 'K020', 'after 2 of 24 bytes', 'damaged'],
    ['half a header', pcapBytes([]).slice(0, 23), 'K020', 'after 23 of 24 bytes', 'damaged'],
    ['pcapng', bytesOf([0x0a, 0x0d, 0x0d, 0x0a], zeros), 'K021', 'it is a pcapng file', 'editcap -F pcap'],
    ['gzip', bytesOf([0x1f, 0x8b, 8, 0], zeros), 'K022', 'compressed with gzip', 'gunzip'],
    ['modified pcap', bytesOf([0x34, 0xcd, 0xb2, 0xa1], zeros), 'K022', 'modified pcap', 'tcpdump -r'],
    [
      'text',
      bytesOf('#!/bin/sh and so on'),
      'K022',
      'not a pcap file (it starts with 0x23212f62)',
      'tcpdump -w',
    ],
    ['Wi-Fi', word(20, 127), 'K023', 'its link type is 127 (IEEE802_11_RADIOTAP)', 'tcpdump -i any'],
    ['no link type', word(20, 9999), 'K023', 'its link type is 9999 (unregistered)', 'tcpdump -i any'],
  ]
  for (const [what, bytes, code, message, hint] of cases) {
    test(what, () => {
      const error = errorOf(bytes)
      expect(error.code).toBe(code)
      expect(error.message).toContain(message)
      expect(error.message).toMatch(/^Cannot read x\.pcap: /)
      expect(error.hint).toContain(hint)
    })
  }
})

describe('cut short', () => {
  test('at every byte: whole records first, then where it broke off and what lacks', () => {
    const whole = pcapBytes(PACKETS)
    const ends = [24, 45, 61, 93]
    for (let length = 24; length < whole.length; length++) {
      const seen: number[] = []
      let error: unknown
      try {
        for (const record of parsePcap(whole.slice(0, length), 'x').records()) seen.push(record.end)
      } catch (thrown) {
        error = thrown
      }
      expect(seen).toEqual(ends.slice(1).filter((end) => end <= length))
      const from = ends.findLast((end) => end <= length)!
      if (from === length) expect(error).toBeUndefined()
      else expect(error).toMatchObject({ code: 'K024', offset: from })
    }
  })

  test('says packet, offset and number of bytes', () => {
    const error = errorOf(pcapBytes(PACKETS).slice(0, -3))
    expect(error.message).toBe('Cannot read all of x.pcap: packet 3, at byte 61, lacks 3 bytes')
  })

  test('an absurd captured length is a record cut short', () => {
    expect(errorOf(word(24 + 8, 0xffffffff))).toMatchObject({ code: 'K024', offset: 24 })
  })
})

test('any bytes give records within the file, or a PacketError', () => {
  const header = pcapBytes([])
  const anything = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.uint8Array({ maxLength: 200 }).map((rest) => bytesOf(header, rest)),
    fc
      .array(fc.uint8Array({ maxLength: 40 }), { maxLength: 5 })
      .chain((packets) => fc.tuple(fc.constant(pcapBytes(packets)), fc.nat(), fc.nat(255)))
      .map(([bytes, at, value]) => bytes.with(at % bytes.length, value)),
  )
  fc.assert(
    fc.property(anything, (bytes) => {
      let last = 24
      try {
        for (const { offset, start, end } of parsePcap(bytes, 'x').records()) {
          expect(offset).toBe(last)
          expect(start).toBe(offset + 16)
          expect(end).toBeGreaterThanOrEqual(start)
          expect(end).toBeLessThanOrEqual(bytes.length)
          last = end
        }
      } catch (error) {
        expect(error).toBeInstanceOf(PacketError)
      }
    }),
    { numRuns: 2000 },
  )
})

test('what is encoded is what is read', () => {
  const format = fc.record({
    littleEndian: fc.boolean(),
    nanoseconds: fc.boolean(),
    linkType: fc.constantFrom(1, 101),
  })
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 60 })), format, (packets, fields) => {
      const pcap = parsePcap(pcapBytes(packets, fields), 'x')
      expect(pcap.format).toMatchObject(fields)
      expect([...pcap.records()].map(({ start, end }) => pcap.bytes.slice(start, end))).toEqual(packets)
    }),
  )
})
