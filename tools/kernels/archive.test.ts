import { expect, test } from 'vitest'
import { partsIn } from './archive.ts'

test('a kernel in parts names them as dependencies of its release', () => {
  const shown = `Package: linux-image-7.3.4+deb13-amd64
Depends: dracut | initramfs-tools (>= 0.120) | linux-initramfs-tool, kmod, linux-base-7.3.4+deb13-amd64 (= 7.3.4-1), linux-binary-7.3.4+deb13-amd64 (= 7.3.4-1), linux-modules-7.3.4+deb13-amd64 (= 7.3.4-1)
Recommends: apparmor`
  expect(partsIn(shown, '7.3.4+deb13-amd64')).toEqual([
    'linux-base-7.3.4+deb13-amd64',
    'linux-binary-7.3.4+deb13-amd64',
    'linux-modules-7.3.4+deb13-amd64',
  ])
})

test('a kernel in one package has none', () => {
  expect(partsIn('Depends: kmod, linux-base-6.18.9+deb13-amd64 (= 6.18.9-1)', '6.18.15+deb13-amd64')).toEqual(
    [],
  )
  expect(partsIn('Package: x', '6.18.15+deb13-amd64')).toEqual([])
})
