/** Pins: names in bpffs that keep maps, programs and links in the kernel after this process has ended. */
import { unlinkSync } from 'node:fs'
import { dirname } from 'node:path'
import type { SystemCalls } from '../ffi/system-calls.ts'
import { Arena, mapArenaAt } from './arena.ts'
import { bpf, textMemory } from './attributes.ts'
import { isInBpffs } from './bpffs.ts'
import type { Descriptor } from './descriptor.ts'
import { errnoName, KernelError } from './errors.ts'
import { MAP_TYPE, PROGRAM_TYPE, type ProgramType } from './kernel-names.ts'
import { Link } from './link.ts'
import { BpfMap } from './map.ts'
import { objectInfo } from './object-info.ts'
import { pageSize } from './page-size.ts'
import { Program } from './program.ts'
import { kernelError, systemCalls } from './system.ts'

const CAPABILITIES = ['CAP_BPF'] as const

/** Where a pin is: a path, or one that only this process understands, of which messages show another. */
export type PinPath = string | { readonly path: string; readonly shown: string }

const pathTo = (pin: PinPath): string => (typeof pin === 'string' ? pin : pin.path)
const shown = (pin: PinPath): string => (typeof pin === 'string' ? pin : pin.shown)

/**
 * Pins what a descriptor holds, at a path in bpffs whose directory exists.
 * @throws NotPermitted, KernelError: EEXIST if the name is taken
 */
export function pin(object: Descriptor, path: PinPath, system: SystemCalls = systemCalls()): void {
  const result = bpf(system, 'OBJ_PIN', { pathname: textMemory(system, pathTo(path)), bpf_fd: object.fd })
  if (result < 0) throw pinError(result, `pin at ${shown(path)}`, path)
}

/** Removes a pin. What nothing else holds goes away with it. It is fine if there is none. @throws NotPermitted, KernelError */
export function unpin(path: PinPath): void {
  try {
    unlinkSync(pathTo(path))
  } catch (error) {
    if (!(error instanceof Error && 'errno' in error && 'code' in error)) throw error
    if (error.code === 'ENOENT') return
    throw kernelError(Number(error.errno), { action: `remove ${shown(path)}`, capabilities: CAPABILITIES })
  }
}

/**
 * Removes the pin of a link, and detaches it at once, which the kernel would do some time later. Links that can't be
 * detached go with their pin.
 */
export function unpinLink(path: PinPath, system: SystemCalls = systemCalls()): void {
  const fd = bpf(system, 'OBJ_GET', { pathname: textMemory(system, pathTo(path)) })
  try {
    unpin(path)
    if (fd >= 0) bpf(system, 'LINK_DETACH', { link_fd: fd })
  } finally {
    if (fd >= 0) system.close(fd)
  }
}

/** Opens the pinned program. @throws NotPermitted, KernelError */
export function openPinnedProgram(path: PinPath, system: SystemCalls = systemCalls()): Program {
  return open(system, path, (fd) => {
    const info = objectInfo(system, fd, 'program', shown(path))
    const number = info.number('type')
    const types = Object.keys(PROGRAM_TYPE) as ProgramType[]
    const type = types.find((name) => PROGRAM_TYPE[name] === number)
    if (type === undefined) throw unexpected(path, `a program of type ${number}`)
    return new Program(system, fd, info.text('name'), type, '')
  })
}

/** Opens the pinned map, which is no arena. @throws NotPermitted, KernelError */
export function openPinnedMap(path: PinPath, system: SystemCalls = systemCalls()): BpfMap {
  return open(system, path, (fd) => {
    const info = objectInfo(system, fd, 'map', shown(path))
    if (info.number('type') === MAP_TYPE.ARENA) throw unexpected(path, 'an arena')
    return new BpfMap(system, fd, info.text('name'), {
      keySize: info.number('key_size'),
      valueSize: info.number('value_size'),
      maxEntries: info.number('max_entries'),
      flags: info.number('map_flags'),
    })
  })
}

/**
 * Opens the pinned arena, at the addresses where it was made.
 * @throws NotPermitted, KernelError: EEXIST if these addresses are taken in this process
 */
export function openPinnedArena(path: PinPath, system: SystemCalls = systemCalls()): Arena {
  return open(system, path, (fd) => {
    const info = objectInfo(system, fd, 'map', shown(path))
    if (info.number('type') !== MAP_TYPE.ARENA) throw unexpected(path, 'another map')
    const size = info.number('max_entries') * pageSize()
    const spec = { name: info.text('name'), size, address: info.number('map_extra') }
    const mapping = Arena.mappingOf(spec.address, info.number('id')) ?? mapArenaAt(system, fd, spec)
    return new Arena(system, fd, spec, mapping)
  })
}

/** The address of a pinned arena, which isn't mapped for that. @throws NotPermitted, KernelError */
export function pinnedArenaAddress(path: PinPath, system: SystemCalls = systemCalls()): number {
  return open(system, path, (fd) => {
    const address = objectInfo(system, fd, 'map', shown(path)).number('map_extra')
    system.close(fd)
    return address
  })
}

/** Opens the pinned link of programs of a type. @throws NotPermitted, KernelError */
export function openPinnedLink(path: PinPath, type: ProgramType, system: SystemCalls = systemCalls()): Link {
  return open(system, path, (fd) => new Link(system, fd, shown(path), type))
}

/** Opens a pin; its descriptor is given back if `make` fails. */
function open<T>(system: SystemCalls, path: PinPath, make: (fd: number) => T): T {
  const fd = bpf(system, 'OBJ_GET', { pathname: textMemory(system, pathTo(path)) })
  if (fd < 0) throw pinError(fd, `open ${shown(path)}`, path)
  try {
    return make(fd)
  } catch (error) {
    system.close(fd)
    throw error
  }
}

/** Paths outside of bpffs are refused like those that are forbidden. */
function pinError(result: number, action: string, path: PinPath): KernelError {
  const errno = errnoName(result)
  if (['EPERM', 'EACCES', 'EINVAL'].includes(errno) && !isInBpffs(dirname(pathTo(path)))) {
    const hint = 'use a path below a mounted bpffs: /sys/fs/bpf, or MOONRING_BPFFS'
    return new KernelError('KERNEL', `Cannot ${action}: that is not in bpffs`, hint, errno)
  }
  return kernelError(result, { action, capabilities: CAPABILITIES })
}

function unexpected(path: PinPath, what: string): KernelError {
  return new KernelError(
    'KERNEL',
    `Cannot open ${shown(path)}: it is ${what}`,
    'remove it, or use another name',
  )
}
