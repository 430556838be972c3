/**
 * For `moonring serve --subsystem`: the subsystem `cpufreq` over a tree of files that outlives the process, as sysfs does.
 * `MOONRING_TEST_PROCESSORS` names a folder: `policies.json` is what the kernel would keep, `load` says in percent how busy
 * each processor is, and `taken.json` holds what is taken over.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { LinuxMachine } from '../src/cpufreq/linux-machine.ts'
import { cpufreqSubsystem } from '../src/cpufreq/subsystem.ts'
import { SysfsTree, type TreePolicy } from '../src/cpufreq/sysfs-tree.fixture.ts'

/** Each reading of /proc/stat comes a second after the one before it. */
const TICKS = 100

export class LastingTree extends SysfsTree {
  readonly #folder: string

  constructor(folder: string) {
    super()
    this.#folder = folder
    for (const [i, saved] of readPolicies(folder).entries()) Object.assign(this.policies[i]!, saved)
  }

  override read(path: string): string | undefined {
    if (/^proc\/\d+\/stat$/.test(path)) return readFileIfThere(`/${path}`)
    if (path === 'proc/stat') {
      const load = Number(readFileSync(join(this.#folder, 'load'), 'utf8'))
      for (const cpu of this.ticks.keys()) this.spend(cpu, load, TICKS - load)
    }
    return super.read(path)
  }

  override write(path: string, text: string): string | undefined {
    const refused = super.write(path, text)
    writeWhole(join(this.#folder, 'policies.json'), JSON.stringify(this.policies))
    return refused
  }
}

/** Writes a file so that whoever reads it meanwhile gets the text before or this one. */
export function writeWhole(path: string, text: string): void {
  writeFileSync(`${path}.draft`, text)
  renameSync(`${path}.draft`, path)
}

/** What the kernel would keep; none before the first write. */
export function readPolicies(folder: string): TreePolicy[] {
  return JSON.parse(readFileIfThere(join(folder, 'policies.json')) ?? '[]') as TreePolicy[]
}

function readFileIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

const { MOONRING_TEST_PROCESSORS: folder } = process.env

export default folder === undefined
  ? undefined
  : cpufreqSubsystem(new LinuxMachine(new LastingTree(folder)), { stateFile: join(folder, 'taken.json') })
