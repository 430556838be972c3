import { freemem } from 'node:os'
import { describe, expect, test } from 'vitest'
import { testUnless } from '../../test/needs.fixture.ts'
import { assemble } from '../ebpf/assemble.ts'
import { MAP, PROT } from '../ffi/system-calls.ts'
import { type Arena, createArena } from './arena.ts'
import { describeInKernel } from './kernel.fixture.ts'
import { loadProgram } from './load-program.ts'
import { RecordedCalls } from './recorded-calls.fixture.ts'
import { systemCalls } from './system.ts'

const GIB = 2 ** 30

describe('arenas', () => {
  test.each([
    [4 * GIB, /the whole 4 GiB leave no room/],
    [2 * GIB, /are not 64 KiB to 1 GiB/],
    [4096, /are not 64 KiB to 1 GiB/],
    [65537, /in whole pages/],
    [0, /0 bytes/],
  ])('%i bytes are refused', (size, message) => {
    const system = new RecordedCalls()
    expect(() => createArena({ name: 'a', size }, system)).toThrow(message)
    expect(system.count).toBe(0)
  })

  test('addresses that are no multiple of 4 GiB are refused', () => {
    const spec = { name: 'a', size: 1 << 16, address: 2 ** 31 }
    expect(() => createArena(spec, new RecordedCalls())).toThrow('is no multiple of 4 GiB')
  })

  test('the address is what the kernel gets, and where the memory is', () => {
    const system = new RecordedCalls()
    const arena = createArena({ name: 'a', size: 1 << 16 }, system)
    const view = new DataView(system.calls[0]!.attributes.buffer)
    expect(view.getUint32(0, true)).toBe(33)
    expect(view.getUint32(12, true)).toBe(16)
    expect(view.getUint32(16, true)).toBe(1 << 10)
    expect(Number(view.getBigUint64(64, true))).toBe(arena.address)
    expect(arena.address % (4 * GIB)).toBe(0)
    expect(system.mapped).toEqual(new Map([[arena.address, 1 << 16]]))
  })

  test('an address space of 39 bits: the kernel finds a range', () => {
    const system = new (class extends RecordedCalls {
      override mmap(address: number, length: number, protection: number, flags: number, fd: number) {
        if (address >= 2 ** 39) return -12
        return super.mmap(address, length, protection, flags, fd)
      }
    })()
    const arena = createArena({ name: 'a', size: 1 << 16 }, system)
    expect(arena.address).toBeLessThan(2 ** 39)
    expect(arena.address % (4 * GIB)).toBe(0)
    expect([...system.mapped.keys()]).toEqual([arena.address])
  })

  test('no room at all', () => {
    const system = new (class extends RecordedCalls {
      override mmap = () => -12
    })()
    expect(() => createArena({ name: 'a', size: 1 << 16 }, system)).toThrow(
      'no aligned range of addresses is free',
    )
    expect(system.open.size).toBe(0)
  })
})

/** Adds 1 to the number at address 128 of its arena. */
const COUNT = assemble(`
  r1 = map arena ll
  r1 = 128
  r1 = addr_space_cast(r1, 0, 1)
  r2 = *(u64 *)(r1 + 0)
  r2 += 1
  *(u64 *)(r1 + 0) = r2
  r0 = r2
  exit`)

function count(arena: Arena): number {
  using program = loadProgram(COUNT, { type: 'SYSCALL', maps: { arena } })
  return program.run().retval
}

describeInKernel('arenas in the kernel', () => {
  test('are the same memory on both sides, several at once', () => {
    using a = createArena({ name: 'a', size: 1 << 16 })
    using b = createArena({ name: 'b', size: 1 << 20 })
    expect(a.address).not.toBe(b.address)
    const numbers = new BigUint64Array(a.buffer)
    numbers[16] = 41n
    expect(count(a)).toBe(42)
    expect(numbers[16]).toBe(42n)
    expect(count(b)).toBe(1)
    expect([a.buffer.byteLength, b.buffer.byteLength]).toEqual([1 << 16, 1 << 20])
  })

  test('are all there from the start, to the last byte', () => {
    using arena = createArena({ name: 'a', size: 1 << 20 })
    const last = assemble(`
      r1 = map arena ll
      r1 = ${(1 << 20) - 8}
      r1 = addr_space_cast(r1, 0, 1)
      *(u64 *)(r1 + 0) = 5
      r0 = 0
      exit`)
    using program = loadProgram(last, { type: 'SYSCALL', maps: { arena } })
    program.run()
    expect(new BigUint64Array(arena.buffer).at(-1)).toBe(5n)
  })

  test('an address that is taken', () => {
    const system = systemCalls()
    using arena = createArena({ name: 'a', size: 1 << 16 })
    const { address } = arena
    expect(() => createArena({ name: 'b', size: 1 << 16, address })).toThrow(/addresses at 0x\w+ are taken/)
    const flags = MAP.PRIVATE | MAP.ANONYMOUS | MAP.NORESERVE
    const other = system.mmap(0, 8 * GIB, PROT.NONE, flags, -1)
    const aligned = Math.ceil(other / (4 * GIB)) * 4 * GIB
    expect(() => createArena({ name: 'b', size: 1 << 16, address: aligned })).toThrow('are taken')
    system.munmap(other, 8 * GIB)
    using free = createArena({ name: 'b', size: 1 << 16, address: aligned })
    expect(free.address).toBe(aligned)
  })

  test('addresses that are to be avoided are not used', () => {
    const refused: number[] = []
    const avoid = new Set<number>()
    avoid.has = (address) => refused.length < 3 && refused.push(address) > 0
    using arena = createArena({ name: 'a', size: 1 << 16, avoid })
    expect(refused).toHaveLength(3)
    expect(refused).not.toContain(arena.address)
  })

  test('bytes that somebody still holds when it is closed are zero', () => {
    const arena = createArena({ name: 'a', size: 1 << 16 })
    const held = new Uint8Array(arena.buffer)
    held[0] = 1
    arena.close()
    arena.close()
    expect(held[0]).toBe(0)
    held[1] = 1
  })

  testUnless(freemem() < 3 * GIB && 'needs 3 GiB of free memory')('1 GiB', () => {
    using arena = createArena({ name: 'a', size: GIB })
    expect(arena.buffer.byteLength).toBe(GIB)
  })
})
