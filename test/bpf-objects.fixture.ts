/**
 * The maps and programs that a test makes in the kernel, for tests that nothing is left behind. Others use bpf(2) at
 * the same time, so a test looks only for its own: it records the id of each object that it, or a command of it, makes.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { pathToFileURL } from 'node:url'
import { expect } from 'vitest'
import { COMMAND } from '../src/kernel/kernel-names.ts'
import { systemCalls } from '../src/kernel/system.ts'

/** Milliseconds in which the kernel frees what nobody holds any more: it waits for its readers. */
const PATIENCE = 30_000
/** The commands of bpf(2) that make maps and programs. */
const MAKING: readonly number[] = [COMMAND.MAP_CREATE, COMMAND.PROG_LOAD]
const RECORDER = join(import.meta.dirname, 'record-objects.mjs')

/** An object as `map 12` or `prog 12`. */
export type ObjectName = string

/** What a process holds through descriptors. */
export function objectsOf(pid: number | 'self'): ObjectName[] {
  const folder = `/proc/${pid}/fdinfo`
  return orNothing(() => readdirSync(folder)).flatMap((fd) => orNothing(() => named(`${folder}/${fd}`)))
}

/** The map or program that a descriptor is, from its file of /proc/PID/fdinfo. */
function named(file: string): ObjectName[] {
  const found = /^(map|prog)_id:\t(\d+)$/m.exec(readFileSync(file, 'utf8'))
  return found === null ? [] : [`${found[1]} ${found[2]}`]
}

/** What the process has; nothing once it has ended, or has closed the descriptor. */
function orNothing(read: () => string[]): string[] {
  try {
    return read()
  } catch {
    return []
  }
}

/** Whether the kernel has such an object: BPF_PROG_GET_FD_BY_ID and BPF_MAP_GET_FD_BY_ID. */
function exists(name: ObjectName): boolean {
  const [kind, id] = name.split(' ')
  const system = systemCalls()
  const attributes = system.allocate(16)
  new DataView(attributes.bytes.buffer).setUint32(0, Number(id), true)
  const fd = system.bpf(kind === 'prog' ? 13 : 14, attributes)
  if (fd >= 0) system.close(fd)
  return fd >= 0
}

/** Waits until the kernel has none of these objects. */
export async function expectGone(names: readonly ObjectName[]): Promise<void> {
  await expect.poll(() => names.filter(exists), { timeout: PATIENCE, interval: 100 }).toEqual([])
}

/**
 * Runs `body`, and waits until the kernel has none of the maps and programs that this process, and the commands that
 * `body` starts with this environment, have made meanwhile.
 * @returns what they have made
 */
export async function expectNothingLeft(body: () => Promise<void>): Promise<ObjectName[]> {
  const folder = mkdtempSync(join(tmpdir(), 'moonring-objects-'))
  try {
    const made = await recordObjects(join(folder, 'made'), body)
    await expectGone(made)
    return made
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Runs `body`; the objects that were made meanwhile. */
async function recordObjects(file: string, body: () => Promise<void>): Promise<ObjectName[]> {
  writeFileSync(file, '')
  const own: ObjectName[] = []
  const system = systemCalls()
  const { bpf } = system
  const { NODE_OPTIONS, MOONRING_OBJECTS } = process.env
  process.env.NODE_OPTIONS = `${NODE_OPTIONS ?? ''} --import ${pathToFileURL(RECORDER)}`
  process.env.MOONRING_OBJECTS = file
  system.bpf = (command, attributes) => {
    const result = bpf.call(system, command, attributes)
    if (result >= 0 && MAKING.includes(command)) own.push(...named(`/proc/self/fdinfo/${result}`))
    return result
  }
  try {
    await body()
  } finally {
    system.bpf = bpf
    restore('NODE_OPTIONS', NODE_OPTIONS)
    restore('MOONRING_OBJECTS', MOONRING_OBJECTS)
  }
  return [...own, ...readFileSync(file, 'utf8').split('\n').filter(Boolean)]
}

function restore(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name]
  else process.env[name] = value
}
