/** Kernels and busybox, which serves the host and the guest, unpacked below the cache folder. */
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Archive } from './archive.ts'
import type { KernelPackage } from './kernel-version.ts'
import { runProgram } from './run-program.ts'
import { KernelsError } from './unavailable.ts'

/** A kernel that can be booted. */
export interface KernelImage {
  readonly release: string
  /** Path of the compressed kernel. */
  readonly image: string
  /** Folder of its modules, with modules.dep. */
  readonly modules: string
}

/** The first of some paths below a folder that exists. */
const firstOf = (folder: string, paths: readonly string[]): string | undefined =>
  paths.map((path) => join(folder, path)).find((path) => existsSync(path))

/** A kernel that was unpacked; undefined if it isn't whole. Where the parts lie depends on the release. */
function imageIn(folder: string, release: string): KernelImage | undefined {
  const modules = firstOf(folder, [`usr/lib/modules/${release}`, `lib/modules/${release}`])
  const image = firstOf(folder, [`boot/vmlinuz-${release}`, `usr/lib/modules/${release}/vmlinuz`])
  const whole = modules && image && existsSync(join(modules, 'modules.builtin'))
  return whole ? { release, image, modules } : undefined
}

/** True if a kernel needs no download. */
export function isUnpacked(cache: string, release: string): boolean {
  return existsSync(join(cache, 'images', release))
}

/**
 * Downloads and unpacks a kernel unless it is there.
 * @throws KernelsError if the packages don't hold what a kernel needs
 */
export function fetchKernel(
  cache: string,
  archive: Archive,
  busybox: string,
  { release }: KernelPackage,
  note: (text: string) => void,
): KernelImage {
  const target = join(cache, 'images', release)
  if (!existsSync(target)) {
    const packages = archive.packagesOf(release)
    note(`downloading ${packages.join(', ')}`)
    fetchInto(target, archive, packages, (folder) => {
      const modules = imageIn(folder, release)?.modules
      if (modules === undefined) throw incomplete(release, packages.join(', '))
      note('listing the dependencies of its modules')
      const base = join(modules, '../../..')
      runProgram('list the dependencies of modules', busybox, ['depmod', '-b', base, release])
    })
  }
  const image = imageIn(target, release)
  if (image === undefined) throw incomplete(release, target)
  return image
}

const incomplete = (release: string, place: string): KernelsError =>
  new KernelsError(
    1,
    'KERNELS_INCOMPLETE_PACKAGE',
    `Cannot boot ${release}: no kernel or no modules in ${place}`,
    'Choose another one with --kernel; --list shows them.',
  )

/** The path of a busybox without shared libraries, downloaded unless it is there. */
export function fetchBusybox(cache: string, archive: Archive, note: (text: string) => void): string {
  const target = join(cache, 'busybox')
  if (!existsSync(target)) {
    note('downloading busybox-static')
    fetchInto(target, archive, ['busybox-static'], () => {})
  }
  const path = firstOf(target, ['usr/bin/busybox', 'bin/busybox'])
  if (path !== undefined) return path
  throw new KernelsError(
    1,
    'KERNELS_INCOMPLETE_PACKAGE',
    'Cannot find busybox in busybox-static',
    `Delete ${target}.`,
  )
}

/** Unpacks beside the target and renames at the end, so that the target is whole or missing. */
function fetchInto(
  target: string,
  archive: Archive,
  packages: readonly string[],
  complete: (folder: string) => void,
): void {
  const partial = `${target}.${process.pid}.partial`
  mkdirSync(join(target, '..'), { recursive: true })
  try {
    archive.unpack(packages, partial)
    complete(partial)
    renameSync(partial, target)
  } finally {
    rmSync(partial, { recursive: true, force: true })
  }
}
