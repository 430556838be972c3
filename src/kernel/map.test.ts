import { describe, expect, test } from 'vitest'
import { describeInKernel } from './kernel.fixture.ts'
import { arrayKey, createMap, type MapSpec, objectName } from './map.ts'
import { RecordedCalls } from './recorded-calls.fixture.ts'

const hash: MapSpec = { kind: 'hash', name: 'a', keySize: 4, valueSize: 2, maxEntries: 2 }

describe('maps', () => {
  test('the part of a name that the kernel takes', () => {
    expect(objectName('state-1/with blanks and more')).toBe('state_1_with_bl')
  })

  test('are closed once, and refuse use afterwards', () => {
    const system = new RecordedCalls()
    const map = createMap(hash, system)
    map.close()
    map.close()
    expect(system.open.size).toBe(0)
    expect(() => map.fd).toThrow('Cannot use map a: it is closed')
    {
      using again = createMap(hash, system)
      expect(again.closed).toBe(false)
    }
    expect(system.open.size).toBe(0)
  })

  test('keys and values of other sizes never reach the kernel', () => {
    const system = new RecordedCalls()
    const map = createMap(hash, system)
    expect(() => map.lookup(new Uint8Array(3))).toThrow('Cannot use map a: a key has 4 bytes, not 3')
    expect(() => map.update(new Uint8Array(4), new Uint8Array(3))).toThrow('a value has 2 bytes, not 3')
    expect(system.calls).toHaveLength(1)
  })

  test('only mappable arrays have memory', () => {
    const map = createMap({ kind: 'array', name: 'a', valueSize: 8, maxEntries: 1 }, new RecordedCalls())
    expect(() => map.memory()).toThrow('Cannot map a into memory: its spec is not mappable')
  })

  test('memory is given back: at once, or with its buffer', () => {
    const system = new RecordedCalls()
    const spec = { kind: 'array', name: 'a', valueSize: 8, maxEntries: 1, mappable: true } as const
    const map = createMap(spec, system)
    map.memory()
    const [address] = [...system.mapped.keys()]
    map.close()
    // something else, without the map, is mapped there until the buffer is collected
    expect([...system.mapped.keys()]).toEqual([address])
    expect(system.open.size).toBe(0)
  })
})

const bytes = (...values: number[]) => Uint8Array.from(values)

describeInKernel('maps in the kernel', () => {
  test('a hash: update, lookup, delete, keys, full', () => {
    using map = createMap(hash)
    const [a, b, c] = [arrayKey(1), arrayKey(2), arrayKey(3)]
    expect(map.lookup(a)).toBeUndefined()
    expect(map.update(a, bytes(1, 2))).toBe(true)
    expect(map.update(a, bytes(3, 4), 'create')).toBe(false)
    expect(map.update(b, bytes(3, 4), 'replace')).toBe(false)
    expect(map.update(b, bytes(5, 6), 'create')).toBe(true)
    expect(map.lookup(a)).toEqual(bytes(1, 2))
    expect([...map.keys()].map((key) => key[0]).sort()).toEqual([1, 2])
    expect(() => map.update(c, bytes(0, 0))).toThrow('too large for the kernel (E2BIG)')
    expect(map.delete(a)).toBe(true)
    expect(map.delete(a)).toBe(false)
    expect([...map.keys()]).toEqual([b])
  })

  test('an array, also as memory', () => {
    using map = createMap({ kind: 'array', name: 'a', valueSize: 12, maxEntries: 3, mappable: true })
    expect(map.lookup(arrayKey(0))).toEqual(new Uint8Array(12))
    expect(map.lookup(arrayKey(3))).toBeUndefined()
    const memory = new Uint8Array(map.memory())
    memory[16 + 11] = 7
    expect(map.lookup(arrayKey(1))![11]).toBe(7)
    map.update(arrayKey(2), new Uint8Array(12).fill(9))
    expect(memory[32]).toBe(9)
    map.close()
    // nobody's bytes, but no fault
    expect(memory[32]).toBe(0)
  })

  test('a ring buffer', () => {
    using map = createMap({ kind: 'ringbuf', name: 'a', size: 1 << 16 })
    expect(map.maxEntries).toBe(1 << 16)
    expect(() => createMap({ kind: 'ringbuf', name: 'a', size: 1000 })).toThrow(
      /Cannot create map a: .*EINVAL/,
    )
  })
})
