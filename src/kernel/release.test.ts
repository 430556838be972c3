/** Whatever call fails, everything that was opened and mapped before is given back. */
import { mkdtempSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { assemble } from '../ebpf/assemble.ts'
import { createArena } from './arena.ts'
import { ensureBpffs } from './bpffs.ts'
import { KernelError } from './errors.ts'
import { createLink } from './link.ts'
import { loadProgram } from './load-program.ts'
import { createMap } from './map.ts'
import { openPinnedArena, openPinnedLink, openPinnedMap, openPinnedProgram, pin } from './pin.ts'
import { RecordedCalls } from './recorded-calls.fixture.ts'

const spec = assemble('r0 = 1\nexit')
const INFO = 15

/** Answers questions about an object: its type, and for arenas a size and an address. */
function telling(type: number) {
  return (system: () => RecordedCalls) => (command: number, attributes: Uint8Array) => {
    if (command !== INFO) return undefined
    const info = system().at(new DataView(attributes.buffer).getBigUint64(8, true))
    const view = new DataView(info.buffer)
    view.setUint32(0, type, true)
    view.setUint32(16, 16, true)
    if (info.length >= 88) view.setBigUint64(80, 2n ** 46n, true)
    return 0
  }
}

const nothing = () => () => undefined

const ways: [name: string, use: (system: RecordedCalls) => void, answer?: ReturnType<typeof telling>][] = [
  [
    'a map and its memory',
    (system) => {
      using map = createMap({ kind: 'array', name: 'a', valueSize: 8, maxEntries: 1, mappable: true }, system)
      map.lookup(new Uint8Array(4))
      map.update(new Uint8Array(4), new Uint8Array(8))
    },
  ],
  [
    'an arena',
    (system) => {
      createArena({ name: 'a', size: 1 << 16, address: 2 ** 46 }, system).close()
    },
  ],
  [
    'a program, its runs and its link',
    (system) => {
      using map = createMap({ kind: 'array', name: 'm', valueSize: 8, maxEntries: 1 }, system)
      using program = loadProgram(spec, { type: 'NETFILTER', maps: { map }, system })
      program.run({ data: new Uint8Array(64) })
      program.statistics()
      using link = createLink(system, 'netfilter/local-in', program, { attachType: 'NETFILTER' })
      link.update(program, program)
      link.info()
      pin(link, '/sys/fs/bpf/x', system)
      link.detach()
    },
  ],
  ['a pinned program', (system) => openPinnedProgram('/x', system).close(), telling(32)],
  ['a pinned map', (system) => openPinnedMap('/x', system).close(), telling(2)],
  ['a pinned arena', (system) => openPinnedArena('/x', system).close(), telling(33)],
  ['a pinned link', (system) => openPinnedLink('/x', 'XDP', system).close()],
]

describe.each(ways)('%s', (_, use, answer = nothing) => {
  function run(failing: number, errno: number): RecordedCalls {
    const system: RecordedCalls = new RecordedCalls(
      answer(() => system),
      failing,
      errno,
    )
    try {
      use(system)
    } catch (error) {
      // what callers can tell people
      expect(error).toBeInstanceOf(KernelError)
      expect((error as KernelError).message).toMatch(/^Cannot /)
    }
    return system
  }

  test.each([1, 12, 22])('with error %i of each call', (errno) => {
    const { count } = run(0, errno)
    expect(count).toBeGreaterThan(0)
    for (let failing = 1; failing <= count; failing++) {
      const system = run(failing, errno)
      expect([failing, ...system.open, ...system.mappedFiles.keys()]).toEqual([failing])
    }
  })
})

test('pins that are something else', () => {
  const open = (type: number, how: (path: string, system: RecordedCalls) => unknown) => {
    const system: RecordedCalls = new RecordedCalls(telling(type)(() => system))
    expect(() => how('/x', system)).toThrow(/Cannot open \/x: it is/)
    expect(system.open.size).toBe(0)
  }
  open(33, openPinnedMap)
  open(2, openPinnedArena)
  open(99, openPinnedProgram)
})

test('bpffs that cannot be mounted', () => {
  const directory = mkdtempSync(join(tmpdir(), 'moonring-'))
  expect(() => ensureBpffs(directory, new RecordedCalls(undefined, 1, 1))).toThrow(/Cannot mount bpffs at/)
  expect(() => ensureBpffs(directory, new RecordedCalls(undefined, 1, 19))).toThrow(
    'this kernel has no bpffs',
  )
  const system = new RecordedCalls()
  // what the system says it has mounted isn't there
  expect(() => ensureBpffs(directory, system)).toThrow('another file system is mounted over it')
  expect(system.mounted).toEqual([expect.stringMatching(/^\/proc\/self\/fd\/\d+\0$/)])
  rmdirSync(directory)
})
