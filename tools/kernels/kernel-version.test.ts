import { expect, test } from 'vitest'
import { chooseKernel, compareVersions, kernelsIn, newestOfEach } from './kernel-version.ts'

const NAMES = `linux-image-7.0.13+deb13-amd64 - Linux 7.0.13 for 64-bit PCs
linux-image-6.12.43+deb12-amd64 - Linux 6.12 for 64-bit PCs (signed)
linux-image-6.12.117+deb13-amd64 - Linux 6.12 for 64-bit PCs (signed)
linux-image-6.12.117+deb13-cloud-amd64 - Linux 6.12 for x86-64 cloud (signed)
linux-image-6.12.117+deb13-rt-amd64 - Linux 6.12 for 64-bit PCs (signed), PREEMPT_RT
linux-image-6.12.117+deb13-amd64-dbg - Debug symbols
linux-image-6.12.117+deb13-amd64-unsigned - Linux 6.12
linux-image-6.18.9+deb13-amd64 - Linux 6.18.9 for 64-bit PCs (signed)
linux-image-6.18.15+deb13-amd64 - Linux 6.18.15 for 64-bit PCs (signed)
linux-image-amd64 - Linux for 64-bit PCs (meta-package)
`
const kernels = kernelsIn(NAMES)

test('stock kernels, oldest first, by numbers', () => {
  expect(kernels.map(({ release }) => release)).toEqual([
    '6.12.43+deb12-amd64',
    '6.12.117+deb13-amd64',
    '6.18.9+deb13-amd64',
    '6.18.15+deb13-amd64',
    '7.0.13+deb13-amd64',
  ])
})

test.each([
  ['newest', '7.0.13+deb13-amd64'],
  ['6.12', '6.12.117+deb13-amd64'],
  ['6.18', '6.18.15+deb13-amd64'],
  ['6.12.43', '6.12.43+deb12-amd64'],
  ['6.18.9+deb13-amd64', '6.18.9+deb13-amd64'],
  ['6.1', undefined],
  ['6.12.4', undefined],
  ['', undefined],
])('%s is %s', (word, release) => {
  expect(chooseKernel(word, kernels)?.release).toBe(release)
})

test('none is the newest of none', () => {
  expect(chooseKernel('newest', kernelsIn(''))).toBeUndefined()
})

test('the newest of each series', () => {
  expect(newestOfEach(kernels).map(({ series, release }) => [series, release])).toEqual([
    ['6.12', '6.12.117+deb13-amd64'],
    ['6.18', '6.18.15+deb13-amd64'],
    ['7.0', '7.0.13+deb13-amd64'],
  ])
})

test('a version with fewer numbers comes first', () => {
  expect(compareVersions('7.0', '7.0.1')).toBeLessThan(0)
  expect(compareVersions('6.12.90+deb12.1', '6.12.90+deb12')).toBeGreaterThan(0)
  expect(compareVersions('6.12', '6.12')).toBe(0)
})
