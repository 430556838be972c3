/**
 * Tests that need the kernel. Without root or bpf(2) they skip, and their names say what is missing; in CI as
 * root that is a failure. Each test has to give back every descriptor of bpf(2) that it opens.
 */
import { spawnSync } from 'node:child_process'
import { readdirSync, readlinkSync } from 'node:fs'
import process from 'node:process'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { describeUnless } from '../../test/needs.fixture.ts'
import { BPFFS_DIRECTORY } from './bpffs.ts'
import { probeFeature, thisMachine } from './feature.ts'
import { FEATURES } from './features.ts'
import { systemCalls } from './system.ts'

/** The first essential feature that isn't here, with the reason. */
function findMissing(): string | undefined {
  const machine = thisMachine(systemCalls, BPFFS_DIRECTORY)
  for (const feature of FEATURES) {
    if (feature.essential !== true) continue
    const { available, reason } = probeFeature(feature, machine)
    if (!available) return `${feature.name}: ${reason}`
  }
  return undefined
}

const missing = findMissing()
const mustRun = process.env.CI === 'true' && process.getuid?.() === 0

/** Whether the kernel engine can run here. */
export const kernelAvailable = missing === undefined

/** Descriptors of this process that belong to bpf(2), by what they are. */
export function bpfDescriptors(): string[] {
  const links = readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`)]
    } catch {
      return [] // the descriptor of the directory itself
    }
  })
  return links.filter((link) => /^anon_inode:.*(bpf|btf)/.test(link)).sort()
}

/** What the kernel has logged that is no good news. */
function complaints(): string[] {
  const { stdout, status } = spawnSync('dmesg', { encoding: 'utf8' })
  if (status !== 0) return []
  return stdout
    .split('\n')
    .filter((line) => /\b(BUG|WARNING|Oops|RCU stall|general protection|KASAN)\b/.test(line))
}

/** A group of tests in the kernel. */
export function describeInKernel(name: string, body: () => void): void {
  if (missing !== undefined && mustRun) {
    describe(name, () => {
      test('runs in CI as root', () => expect.fail(`this machine lacks ${missing}`))
    })
    return
  }
  describeUnless(missing && `this machine lacks ${missing}`)(name, () => {
    let before: string[]
    let logged: string[]
    beforeAll(() => {
      logged = complaints()
    })
    beforeEach(() => {
      before = bpfDescriptors()
    })
    afterEach(() => {
      expect(bpfDescriptors()).toEqual(before)
    })
    afterAll(() => {
      expect(complaints()).toEqual(logged)
    })
    body()
  })
}
