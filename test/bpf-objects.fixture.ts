/**
 * Maps and programs in the kernel as bpftool lists them, and which process holds them (/proc/PID/fdinfo): for
 * tests that nothing is left behind. Other tests use bpf(2) at the same time, so only what nobody holds counts.
 */
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import process from 'node:process'
import { expect, test } from 'vitest'

/** Milliseconds in which the kernel frees what nobody holds any more: it waits for its readers. */
const PATIENCE = 30_000

/** Whether bpftool is here; what it lists can't be checked without. */
export const hasBpftool = spawnSync('bpftool', ['version']).status === 0

/** A test that needs bpftool. In CI it has to be there. */
export function testWithBpftool(name: string, body: () => Promise<void>, timeout: number): void {
  const title = hasBpftool ? name : `${name} (skipped: bpftool is not installed)`
  test.skipIf(!hasBpftool && process.env.CI !== 'true')(title, body, timeout)
}

/** An object as `map 12` or `prog 12`. */
export type ObjectName = string

interface Listed {
  readonly id: number
  readonly map_ids?: readonly number[]
}

function list(kind: 'map' | 'prog'): readonly Listed[] {
  const { stdout, stderr, status } = spawnSync('bpftool', ['-j', kind, 'show'], { encoding: 'utf8' })
  // an object that goes while it is being listed makes bpftool fail: the caller asks again
  if (status !== 0) throw new Error(`bpftool ${kind} show: ${stdout}${stderr}`)
  return JSON.parse(stdout) as Listed[]
}

/** What a process holds through descriptors. */
export function objectsOf(pid: number | string): ObjectName[] {
  const folder = `/proc/${pid}/fdinfo`
  return orNothing(() => readdirSync(folder)).flatMap((fd) =>
    orNothing(() => {
      const found = /^(map|prog)_id:\t(\d+)$/m.exec(readFileSync(`${folder}/${fd}`, 'utf8'))
      return found === null ? [] : [`${found[1]} ${found[2]}`]
    }),
  )
}

/** What the process has; nothing once it has ended, or has closed the descriptor. */
function orNothing(read: () => string[]): string[] {
  try {
    return read()
  } catch {
    return []
  }
}

/** Objects in the kernel that no process holds, be it through a program that uses them. */
function unheld(): Set<ObjectName> {
  // listed first: what is made afterwards is of no interest
  const programs = list('prog')
  const names = [...list('map').map(({ id }) => `map ${id}`), ...programs.map(({ id }) => `prog ${id}`)]
  const held = new Set(readdirSync('/proc').flatMap((pid) => (/^\d+$/.test(pid) ? objectsOf(pid) : [])))
  for (const { id, map_ids = [] } of programs)
    if (held.has(`prog ${id}`)) for (const map of map_ids) held.add(`map ${map}`)
  return new Set(names.filter((name) => !held.has(name)))
}

/** Waits until the kernel has none of these objects. */
export async function expectGone(names: readonly ObjectName[]): Promise<void> {
  const left = () => {
    const there = new Set(
      ['map', 'prog'].flatMap((kind) => list(kind as 'map').map(({ id }) => `${kind} ${id}`)),
    )
    return names.filter((name) => there.has(name))
  }
  await expect.poll(left, { timeout: PATIENCE, interval: 100 }).toEqual([])
}

/** Runs `body`, and waits until the kernel has no object that nobody holds and that wasn't there before. */
export async function expectNothingLeft(body: () => Promise<void>): Promise<void> {
  const before = unheld()
  await body()
  const added = () => [...unheld()].filter((name) => !before.has(name))
  await expect.poll(added, { timeout: PATIENCE, interval: 100 }).toEqual([])
}
