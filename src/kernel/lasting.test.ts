/** What outlives a process and what doesn't: links and pins in namespaces of their own, and SIGKILL. */

import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testUnless } from '../../test/needs.fixture.ts'
import { runInNamespaces, startChild } from './child-process.fixture.ts'
import { describeInKernel } from './kernel.fixture.ts'
import { systemCalls } from './system.ts'

const IMPORTS = `
  import { strict as assert } from 'node:assert'
  import { createArena } from './arena.ts'
  import { assemble } from '../ebpf/assemble.ts'
  import { ensureBpffs, isInBpffs } from './bpffs.ts'
  import { createLink } from './link.ts'
  import { loadProgram } from './load-program.ts'
  import { arrayKey, createMap } from './map.ts'
  import { openPinnedArena, openPinnedLink, openPinnedMap, openPinnedProgram, pin, unpin } from './pin.ts'
  import { systemCalls } from './system.ts'
  const system = systemCalls()
  const load = (name, verdict) => loadProgram(assemble('r0 = ' + verdict + '\\nexit'), { type: 'NETFILTER', name })
`

const canUnshare = spawnSync('unshare', ['-n', '-m', 'true']).status === 0

describeInKernel('in namespaces of their own', () => {
  let directory: string
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'moonring-'))
  })
  afterAll(() => rmdirSync(directory))

  const testUnshared = testUnless(!canUnshare && 'needs root and unshare(1)')

  testUnshared('a link attaches, and detaches when it is closed', () => {
    const { err, out } = runInNamespaces(
      ['-n'],
      `${IMPORTS}
      const [first, second] = [load('first', 1), load('second', 1)]
      const details = { 'netfilter.pf': 2, 'netfilter.hooknum': 1, 'netfilter.priority': -100 }
      const spec = { attachType: 'NETFILTER', details }
      const link = createLink(system, 'netfilter/local-in', first, spec)
      assert.equal(link.info().programId, first.id())
      assert.throws(() => createLink(system, 'netfilter/local-in', second, spec), /EBUSY|EEXIST/)
      // the kernel can't update links of netfilter
      assert.throws(() => link.update(second), /Cannot update link netfilter.local-in/)
      link.close()
      createLink(system, 'netfilter/local-in', second, spec).close()
      console.log('fine')`,
    )
    expect({ err, out }).toEqual({ err: '', out: 'fine\n' })
  })

  testUnshared('a link of tc is updated while attached', () => {
    const { err, out } = runInNamespaces(
      ['-n'],
      `${IMPORTS}
      const loadTc = (name) => loadProgram(assemble('r0 = 0\\nexit'), { type: 'SCHED_CLS', name })
      const [first, second, third] = [loadTc('first'), loadTc('second'), loadTc('third')]
      // the loopback device of a new namespace
      const link = createLink(system, 'tc/ingress', first, { attachType: 'TCX_INGRESS', target: 1 })
      link.update(second, first)
      assert.equal(link.info().programId, second.id())
      assert.throws(() => link.update(third, first), /Cannot update link tc.ingress/)
      link.update(third)
      assert.equal(link.info().programId, third.id())
      link.detach()
      console.log('fine')`,
    )
    expect({ err, out }).toEqual({ err: '', out: 'fine\n' })
  })

  testUnshared('pins keep maps, arenas, programs and links', () => {
    const { err, out } = runInNamespaces(
      ['-n', '-m'],
      `${IMPORTS}
      const directory = ${JSON.stringify(directory)}
      assert.equal(isInBpffs(directory), false)
      const m = createMap({ kind: 'array', name: 'numbers', valueSize: 8, maxEntries: 2 })
      assert.throws(() => pin(m, directory + '/numbers'), /that is not in bpffs/)
      assert.throws(() => openPinnedMap('/proc/version'), /that is not in bpffs/)
      ensureBpffs(directory)
      ensureBpffs(directory)
      assert.equal(isInBpffs(directory), true)
      assert.equal(isInBpffs(directory + '/moonring/name'), true)
      const at = (name) => directory + '/' + name
      m.update(arrayKey(1), new Uint8Array(8).fill(7))
      pin(m, at('numbers'))
      assert.throws(() => pin(m, at('numbers')), /it exists already .EEXIST/)
      m.close()
      const again = openPinnedMap(at('numbers'))
      assert.deepEqual(again.lookup(arrayKey(1)), new Uint8Array(8).fill(7))
      assert.equal(again.name, 'numbers')
      const arena = createArena({ name: 'state', size: 1 << 17 })
      new Uint8Array(arena.buffer)[5] = 6
      pin(arena, at('state'))
      const { address } = arena
      // this process has it already: both are the same memory, until the last one is closed
      const twice = openPinnedArena(at('state'))
      assert.equal(twice.buffer, arena.buffer)
      twice.close()
      assert.equal(new Uint8Array(arena.buffer)[5], 6)
      arena.close()
      const taken = createArena({ name: 'other', size: 1 << 17, address })
      assert.throws(() => openPinnedArena(at('state')), /its addresses are taken/)
      taken.close()
      const other = openPinnedArena(at('state'))
      assert.equal(other.address, address)
      assert.equal(other.size, 1 << 17)
      assert.equal(new Uint8Array(other.buffer)[5], 6)
      const program = load('verdict', 1)
      pin(program, at('verdict'))
      const { id } = { id: program.id() }
      program.close()
      const reopened = openPinnedProgram(at('verdict'))
      assert.deepEqual([reopened.id(), reopened.type, reopened.name], [id, 'NETFILTER', 'verdict'])
      const details = { 'netfilter.pf': 2, 'netfilter.hooknum': 3, 'netfilter.priority': 5 }
      const link = createLink(system, 'netfilter/local-out', reopened, { attachType: 'NETFILTER', details })
      pin(link, at('link'))
      link.close()
      const pinned = openPinnedLink(at('link'), 'NETFILTER')
      assert.equal(pinned.info().programId, id)
      assert.throws(() => openPinnedMap(at('nothing')), /there is no such thing/)
      assert.throws(() => openPinnedMap(at('state')), /it is an arena/)
      assert.throws(() => openPinnedArena(at('numbers')), /it is another map/)
      unpin(at('link'))
      unpin(at('link'))
      assert.throws(() => openPinnedLink(at('link'), 'NETFILTER'), /there is no such thing/)
      console.log('fine')`,
    )
    expect({ err, out }).toEqual({ err: '', out: 'fine\n' })
  })
})

/** BPF_PROG_GET_FD_BY_ID and BPF_MAP_GET_FD_BY_ID: whether there is such an object. */
function exists(command: 13 | 14, id: number): boolean {
  const system = systemCalls()
  const attributes = system.allocate(16)
  new DataView(attributes.bytes.buffer).setUint32(0, id, true)
  const fd = system.bpf(command, attributes)
  if (fd >= 0) system.close(fd)
  return fd >= 0
}

describeInKernel('SIGKILL', () => {
  test('leaves no map and no program behind', async () => {
    const child = startChild(`${IMPORTS}
      import { objectInfo } from './object-info.ts'
      const a = createArena({ name: 'a', size: 1 << 20 })
      const m = createMap({ kind: 'hash', name: 'm', keySize: 4, valueSize: 4, maxEntries: 9 })
      const text = 'r1 = map a ll\\nr1 = map m ll\\nr0 = 0\\nexit'
      const program = loadProgram(assemble(text), { type: 'SYSCALL', maps: { a, m } })
      const maps = [a, m].map((map) => objectInfo(system, map.fd, 'map', 'm').number('id'))
      console.log(JSON.stringify({ program: program.id(), maps }))
      setInterval(() => {}, 1000)`)
    const ended = new Promise((resolve) => child.once('exit', resolve))
    try {
      const line = await new Promise<string>((resolve, reject) => {
        child.stdout.once('data', (bytes) => resolve(String(bytes)))
        child.once('exit', () => reject(new Error(String(child.stderr.read()))))
      })
      const { program, maps } = JSON.parse(line) as { program: number; maps: number[] }
      const left = () => [exists(13, program), ...maps.map((id) => exists(14, id))]
      expect(left()).toEqual([true, true, true])
      child.kill('SIGKILL')
      await ended
      // the kernel frees them after a grace period
      for (let i = 0; i < 200 && left().includes(true); i++) await setTimeout(50)
      expect(left()).toEqual([false, false, false])
    } finally {
      child.kill('SIGKILL')
      await ended
    }
  })
})
