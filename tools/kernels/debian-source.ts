/**
 * Where this machine gets Debian's packages from, and a private apt configuration from it that also has the suites
 * of the kernels. The machine's own lists of sources stay as they are.
 */
import { join } from 'node:path'
import { KernelsError } from './unavailable.ts'

/** Suites with the kernels of the matrix: trixie has 6.12, its backports the later ones. */
export const SUITES = ['trixie', 'trixie-updates', 'trixie-backports'] as const

/** Debian's keys, from the package debian-archive-keyring. */
export const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg'

/**
 * The repository of Debian's main archive that this machine uses.
 * @param targets what `apt-get indextargets` prints: paragraphs of `Field: value` lines, one per index
 * @throws KernelsError if there is none
 */
export function debianRepository(targets: string): string {
  for (const paragraph of targets.split('\n\n')) {
    const field = (name: string): string | undefined =>
      new RegExp(`^${name}: (.*)$`, 'm').exec(paragraph)?.[1]
    const uri = field('Repo-URI')
    if (
      uri &&
      field('Created-By') === 'Packages' &&
      field('Label') === 'Debian' &&
      field('Component') === 'main'
    )
      return uri
  }
  throw new KernelsError(
    4,
    'KERNELS_NO_DEBIAN_SOURCE',
    "Cannot find Debian's archive: no source of apt on this machine is Debian's main archive, with its lists fetched",
    'Run apt-get update first; on other systems than Debian, add its archive to the sources of apt.',
  )
}

/** The private list of sources: the same repository, other suites. */
export function sourcesList(repository: string, keyring: string | undefined): string {
  const options = keyring === undefined ? '' : `[signed-by=${keyring}] `
  return SUITES.map((suite) => `deb ${options}${repository} ${suite} main\n`).join('')
}

/** Options of apt-get and apt-cache that make them use the folder's sources and lists instead of the machine's. */
export function privateOptions(folder: string): string[] {
  const settings = {
    'Dir::Etc::SourceList': join(folder, 'sources.list'),
    'Dir::Etc::SourceParts': '/dev/null',
    // the machine's pins are about its own suites
    'Dir::Etc::Preferences': '/dev/null',
    'Dir::Etc::PreferencesParts': '/dev/null',
    'Dir::State::Lists': join(folder, 'lists'),
    'Dir::State::Status': '/dev/null',
    'Dir::Cache': join(folder, 'cache'),
    // downloads go to a folder of the user's, which apt's own user may not reach
    'APT::Sandbox::User': '',
    'APT::Architecture': 'amd64',
  }
  return Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`])
}
