import { expect, test } from 'vitest'
import { findProgram, missingRequirement, PROGRAMS } from './requirements.ts'

const all = (name: string): string => `/usr/bin/${name}`

test('nothing is missing', () => {
  expect(missingRequirement(all, 'x64')).toBeUndefined()
})

test('a missing program is named with the command that installs it', () => {
  const error = missingRequirement((name) => (name.startsWith('qemu') ? undefined : all(name)), 'x64')
  expect(error).toMatchObject({
    exitCode: 4,
    code: 'KERNELS_MISSING_PROGRAM',
    message: 'Cannot boot kernels: qemu-system-x86_64 not found',
    hint: 'Install it: apt-get install --no-install-recommends qemu-system-x86',
  })
})

test('without apt, installing with apt is no advice', () => {
  expect(missingRequirement(() => undefined, 'x64')?.hint).toMatch(/Debian/)
})

test('other processors are refused', () => {
  expect(missingRequirement(all, 'arm64')).toMatchObject({ exitCode: 4, code: 'KERNELS_ARCHITECTURE' })
})

test('programs are looked for in the folders of PATH', () => {
  expect(findProgram('sh', '/nowhere:/bin')).toBe('/bin/sh')
  expect(findProgram('sh', '/nowhere')).toBeUndefined()
  expect(findProgram('sh', undefined)).toBeUndefined()
  expect(PROGRAMS.length).toBeGreaterThan(0)
})
