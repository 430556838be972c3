/** Debian's archive through apt with a private configuration: which kernels there are, and downloads. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { debianRepository, KEYRING, privateOptions, sourcesList } from './debian-source.ts'
import { type KernelPackage, kernelsIn } from './kernel-version.ts'
import { runProgram } from './run-program.ts'

/** Package lists older than this are fetched again, in milliseconds. */
const FRESH = 24 * 3600 * 1000

export class Archive {
  readonly #folder: string
  readonly #options: readonly string[]

  private constructor(folder: string) {
    this.#folder = folder
    this.#options = privateOptions(folder)
  }

  /**
   * Fetches the package lists, unless it did today.
   * @param folder for the lists; made if it doesn't exist
   * @param note is told what takes time
   */
  static open(folder: string, note: (text: string) => void): Archive {
    const archive = new Archive(folder)
    const stamp = join(folder, 'fetched')
    if (existsSync(stamp) && Date.now() - statSync(stamp).mtimeMs < FRESH) return archive
    for (const part of ['lists/partial', 'cache/archives/partial'])
      mkdirSync(join(folder, part), { recursive: true })
    const repository = debianRepository(
      runProgram('read the sources', 'apt-get', ['indextargets']).toString(),
    )
    writeFileSync(
      join(folder, 'sources.list'),
      sourcesList(repository, existsSync(KEYRING) ? KEYRING : undefined),
    )
    note('fetching package lists')
    const update = ['-o', 'APT::Update::Error-Mode=any', 'update']
    runProgram('fetch the package lists', 'apt-get', [...archive.#options, ...update])
    writeFileSync(stamp, '')
    utimesSync(stamp, new Date(), new Date())
    return archive
  }

  /** The stock kernels, oldest first. */
  kernels(): KernelPackage[] {
    return kernelsIn(this.#cache('search', '--names-only', '^linux-image-[0-9]'))
  }

  /**
   * Names of the packages that hold a kernel and its modules: one or several. Those that the archive has dropped are
   * left out: a guest needs no linux-base, and fetchKernel says what is missing without the others.
   */
  packagesOf(release: string): string[] {
    const shown = this.#cache('show', '--no-all-versions', `linux-image-${release}`)
    const found = this.#cache('search', '--names-only', release.replace(/[.+]/g, '[$&]'))
    const present = new Set(found.split('\n').map((line) => line.split(' ', 1)[0]))
    return [`linux-image-${release}`, ...partsIn(shown, release).filter((name) => present.has(name))]
  }

  /** Downloads packages and unpacks them into a folder, which is made. */
  unpack(packages: readonly string[], target: string): void {
    mkdirSync(target, { recursive: true })
    const downloads = mkdtempSync(join(this.#folder, 'download-'))
    try {
      const args = [...this.#options, 'download', ...packages]
      runProgram(`download ${packages.join(', ')}`, 'apt-get', args, downloads)
      for (const file of readdirSync(downloads).filter((name) => name.endsWith('.deb')))
        runProgram(`unpack ${file}`, 'dpkg-deb', ['--extract', join(downloads, file), target])
    } finally {
      rmSync(downloads, { recursive: true, force: true })
    }
  }

  #cache(...args: string[]): string {
    return runProgram('read the package lists', 'apt-cache', [...this.#options, ...args]).toString()
  }
}

/** The packages that an image's `Depends` line names as parts of the same release. */
export function partsIn(shown: string, release: string): string[] {
  const [, depends = ''] = /^Depends: (.*)$/m.exec(shown) ?? []
  return depends
    .split(/[,|]/)
    .map((dependency) => dependency.trim().split(/[\s(]/, 1)[0] as string)
    .filter((name) => ['base', 'binary', 'modules'].some((part) => name === `linux-${part}-${release}`))
}
