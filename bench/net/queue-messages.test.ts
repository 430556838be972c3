import { describe, expect, test } from 'vitest'
import { bindMessages, queuedPackets, verdictMessage } from './queue-messages.ts'

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

const packed = (text: string) => text.replaceAll(' ', '')
/** Sequence number and port, which the kernel doesn't ask for. */
const ZEROES = '00000000 00000000'
/** Type, flags and queue of a configuration. */
const CONFIG = `0203 0100 ${ZEROES} 00000007`

describe('messages of queues', () => {
  test('binding: command, what is copied, large packets whole', () => {
    expect(bindMessages(7).map(hex)).toEqual(
      [
        `1c000000${CONFIG} 0800 0100 01000002`,
        `20000000${CONFIG} 0900 0200 0000ffff 02000000`,
        `24000000${CONFIG} 0800 0500 00000004 0800 0400 00000004`,
      ].map(packed),
    )
  })

  test('a verdict', () => {
    const head = packed(`20000000 0103 0100 ${ZEROES} 00000000 0c00 0200`)
    expect(hex(verdictMessage(0, 0x1234, true))).toBe(`${head}0000000100001234`)
    expect(hex(verdictMessage(0, 5, false))).toBe(`${head}0000000000000005`)
  })

  test('packets among other messages', () => {
    const packet = (id: string, payload: string) => {
      const attributes =
        `0b000100${id}08000100` + `${(4 + payload.length / 2).toString(16).padStart(2, '0')}000a00${payload}`
      const padded = attributes.padEnd(Math.ceil(attributes.length / 8) * 8, '0')
      const length = Buffer.alloc(4)
      length.writeUInt32LE(20 + padded.length / 2)
      return `${hex(length)}00030000${'00000000'.repeat(2)}00000000${padded}`
    }
    const error = `14000000${'02000000'}${'00000000'.repeat(3)}`
    const messages = Buffer.from(`${packet('00000001', '45aabb')}${error}${packet('00000002', '60')}`, 'hex')
    expect([...queuedPackets(messages)].map(({ id, bytes }) => [id, hex(bytes)])).toEqual([
      [1, '45aabb'],
      [2, '60'],
    ])
    expect([...queuedPackets(messages.subarray(0, 18))]).toEqual([])
  })
})
