/** The first file system of a guest: busybox, the modules that reach the host's files, and a script. */
import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { type ArchiveEntry, writeCpio } from './cpio.ts'
import { type InitOptions, initScript } from './guest-scripts.ts'
import { loadOrder } from './module-order.ts'
import { runProgram } from './run-program.ts'

/** What reaching the host's file system needs: the virtio bus, 9p over it, and the writable layer. */
const MODULES = ['virtio_pci', '9pnet_virtio', '9p', 'overlay']

/**
 * @param modules folder of the kernel's modules, with modules.dep
 * @param busybox path of a busybox without shared libraries
 */
export function buildInitramfs(modules: string, busybox: string, cover: InitOptions['cover']): Uint8Array {
  const read = (name: string): string => readFileSync(join(modules, name), 'utf8')
  const files = loadOrder(MODULES, read('modules.dep'), read('modules.builtin')).map((path) => ({
    name: basename(path).replace(/\.xz$/, ''),
    content: plain(join(modules, path), busybox),
  }))
  const folder = (path: string): ArchiveEntry => ({ path, mode: 0o040755 })
  const program = (path: string, content: Uint8Array): ArchiveEntry => ({ path, mode: 0o100755, content })
  const init = initScript({ modules: files.map(({ name }) => name), modulesOnHost: modules, cover })
  return writeCpio([
    folder('bin'),
    folder('dev'),
    folder('modules'),
    { path: 'dev/console', mode: 0o020600, device: { major: 5, minor: 1 } },
    program('bin/busybox', readFileSync(busybox)),
    program('init', Buffer.from(init)),
    ...files.map(({ name, content }) => program(`modules/${name}`, content)),
  ])
}

/** A module's bytes; Debian's are compressed. */
function plain(path: string, busybox: string): Uint8Array {
  return path.endsWith('.xz') ? runProgram('unpack a module', busybox, ['xzcat', path]) : readFileSync(path)
}
