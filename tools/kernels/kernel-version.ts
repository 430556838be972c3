/** Kernels that the archive has, and which of them a run takes. Pure. */

/** A kernel image in the archive. */
export interface KernelPackage {
  /** As `uname -r` says: `6.12.117+deb13-amd64`. */
  readonly release: string
  /** `6.12`: all releases of a series have the same features. */
  readonly series: string
}

/** What a run takes if nothing is chosen. */
export const DEFAULT_KERNELS = ['6.12', '6.18', 'newest'] as const

const NAME = /^linux-image-((\d+\.\d+)(?:\.\d+)*\+[a-z0-9.]+-amd64)$/

/**
 * The stock kernels in a list of package names, oldest first; `-cloud` and `-rt` ones, and debug symbols, are others.
 * @param names package names, one a line, a description may follow
 */
export function kernelsIn(names: string): KernelPackage[] {
  const kernels = new Map<string, KernelPackage>()
  for (const line of names.split('\n')) {
    const [, release, series] = NAME.exec(line.split(/\s/, 1)[0] as string) ?? []
    if (release && series) kernels.set(release, { release, series })
  }
  return [...kernels.values()].sort((a, b) => compareVersions(a.release, b.release))
}

/** Order of versions by the numbers in them. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => (text.match(/\d+/g) ?? []).map(Number)) as [number[], number[]]
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? -1) - (right[i] ?? -1)
    if (difference !== 0) return difference
  }
  return 0
}

/**
 * The kernel that a word means: `newest`, a series (its newest release), a version, or a release.
 * @param kernels oldest first
 */
export function chooseKernel(word: string, kernels: readonly KernelPackage[]): KernelPackage | undefined {
  return kernels.findLast(
    ({ release, series }) =>
      word === 'newest' || word === series || word === release || release.startsWith(`${word}+`),
  )
}

/** The newest release of each series. */
export function newestOfEach(kernels: readonly KernelPackage[]): KernelPackage[] {
  return kernels.filter(({ series }, i) => kernels[i + 1]?.series !== series)
}
