import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { platform, tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { testUnless } from '../../test/needs.fixture.ts'
import { groupNumber, mayUse, type Peer, peerOf } from './peer.ts'

const peer = (uid: number, gid: number, groups: readonly number[] = []): Peer => ({
  pid: 1,
  uid,
  gid,
  groups,
})

test('root, the own user, and members of the group may use a server', () => {
  expect(mayUse(peer(0, 0), { uid: 5 })).toBe(true)
  expect(mayUse(peer(5, 9), { uid: 5 })).toBe(true)
  expect(mayUse(peer(6, 5, [0]), { uid: 5 })).toBe(false)
  expect(mayUse(peer(6, 7, [8]), { uid: 5, gid: 9 })).toBe(false)
  expect(mayUse(peer(6, 9), { uid: 5, gid: 9 })).toBe(true)
  expect(mayUse(peer(6, 7, [8, 9]), { uid: 5, gid: 9 })).toBe(true)
  // not the root group by default
  expect(mayUse(peer(6, 0, [0]), { uid: 5, gid: undefined })).toBe(false)
})

test('groups by name and number', () => {
  const folder = mkdtempSync(join(tmpdir(), 'moonring-'))
  const file = join(folder, 'group')
  writeFileSync(file, 'root:x:0:\nlua:x:42:ann,bob\n')
  expect([groupNumber('lua', file), groupNumber('7', file)]).toEqual([42, 7])
  expect(() => groupNumber('lu', file)).toThrow(`Cannot let the group 'lu' in: ${file} has none of this name`)
  rmSync(folder, { recursive: true })
})

testUnless(platform() !== 'linux' && 'needs Linux')('the kernel tells who is at the other end', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'moonring-'))
  const path = join(folder, 's')
  let client: Socket | undefined
  const served = await new Promise<Socket>((resolve) => {
    const server = createServer((socket) => {
      server.close()
      resolve(socket)
    })
    server.listen(path, () => {
      client = connect(path)
    })
  })
  const { uid, gid } = userInfo()
  const groups = [...(process.getgroups?.() ?? [])].sort()
  for (const socket of [served, client as Socket]) {
    const found = peerOf(socket)
    expect(found).toMatchObject({ pid: process.pid, uid, gid })
    expect(groups).toEqual(expect.arrayContaining([...found.groups]))
    socket.destroy()
  }
  rmSync(folder, { recursive: true })
})
