import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { testUnless } from '../../test/needs.fixture.ts'
import { bytesOf, capture, pcapBytes } from '../../tools/packets/sample-packets.ts'
import { PcapWriter, readCapture } from './capture-file.ts'

const directory = mkdtempSync(join(tmpdir(), 'moonring-capture-'))
afterAll(() => rmSync(directory, { recursive: true }))

function file(name: string, bytes: Uint8Array): string {
  const path = join(directory, name)
  writeFileSync(path, bytes)
  return path
}

const PACKETS = Array.from({ length: 5000 }, (_, index) => bytesOf(`packet ${index}`))

describe('reading', () => {
  test('a capture', () => {
    expect([...readCapture(file('good.pcap', pcapBytes(PACKETS))).records()]).toHaveLength(5000)
  })

  const refused = (path: string) => {
    try {
      return readCapture(path)
    } catch (error) {
      return error
    }
  }

  test('a directory, an empty file, a missing file', () => {
    expect(refused(directory)).toMatchObject({
      code: 'K002',
      message: `Cannot read ${directory}: it is a directory`,
    })
    expect(refused(file('empty.pcap', bytesOf()))).toMatchObject({ code: 'K003' })
    const missing = join(directory, 'missing.pcap')
    expect(refused(missing)).toMatchObject({
      code: 'K001',
      message: `Cannot read ${missing}: no such file or directory`,
    })
    expect(refused(join(file('plain', bytesOf()), 'below'))).toMatchObject({ code: 'K001' })
  })

  testUnless(process.getuid?.() === 0 && 'needs another user than root')('a file without permission', () => {
    const path = file('secret.pcap', pcapBytes([]))
    chmodSync(path, 0)
    expect(refused(path)).toMatchObject({ code: 'K001', message: `Cannot read ${path}: permission denied` })
  })

  test('what is no capture is named by its path', () => {
    const path = file('notes.txt', bytesOf('these are notes, not packets'))
    expect(refused(path)).toMatchObject({
      code: 'K022',
      message: expect.stringContaining(`Cannot read ${path}: `),
    })
  })
})

describe('writing', () => {
  test('every second packet, in the same format', () => {
    for (const littleEndian of [true, false]) {
      const fields = { littleEndian, nanoseconds: true, originalLength: 3000 }
      const pcap = capture(PACKETS, fields)
      const writer = new PcapWriter(pcap)
      for (const [index, record] of [...pcap.records()].entries()) if (index % 2 === 0) writer.add(record)
      const path = join(directory, 'out.pcap')
      writer.save(path)
      const written = readCapture(path)
      expect(written.format).toEqual(pcap.format)
      const records = [...written.records()]
      expect(records.map(({ start, end }) => written.bytes.slice(start, end))).toEqual(
        PACKETS.filter((_, index) => index % 2 === 0),
      )
      expect(records[1]).toMatchObject({ fraction: 2, originalLength: 3000 })
    }
  })

  test('all packets give the same file, in two parts', () => {
    const pcap = capture(PACKETS)
    const writer = new PcapWriter(pcap)
    for (const record of pcap.records()) writer.add(record)
    expect(writer.parts()).toHaveLength(2)
    const path = join(directory, 'same.pcap')
    writer.save(path)
    expect(readFileSync(path).equals(pcapBytes(PACKETS))).toBe(true)
  })

  test('no packet gives a capture without packets', () => {
    const path = join(directory, 'none.pcap')
    new PcapWriter(capture(PACKETS)).save(path)
    expect([...readCapture(path).records()]).toEqual([])
  })

  test('over the capture that was read', () => {
    const path = file('self.pcap', pcapBytes(PACKETS))
    const pcap = readCapture(path)
    const writer = new PcapWriter(pcap)
    writer.add([...pcap.records()][7]!)
    writer.save(path)
    expect([...readCapture(path).records()]).toHaveLength(1)
  })

  test('where it cannot', () => {
    mkdirSync(join(directory, 'd'))
    const save = (path: string) => () => new PcapWriter(capture([])).save(path)
    expect(save(join(directory, 'd'))).toThrow(expect.objectContaining({ code: 'K005' }))
    expect(save(join(directory, 'no', 'where.pcap'))).toThrow('Cannot write')
  })
})
