/**
 * Taking over policies and giving them back. What was found lies in a file before anything is changed, so that the next
 * start can give back what a process left behind that was killed.
 */
import { basename, dirname } from 'node:path'
import { systemError } from '../host/system-error.ts'
import { TrustedFolder, Untrusted } from '../host/trusted-folder.ts'
import { NotAvailable, NotPermitted } from '../kernel/errors.ts'
import type { Files } from './files.ts'
import { LinuxPolicy } from './linux-policy.ts'
import type { Limits } from './machine.ts'

/** Where the file lies by default: it must not outlive the running kernel. */
export const STATE_FILE = '/run/moonring/cpufreq.json'

/** The governor that leaves the frequency to a program. */
export const USERSPACE = 'userspace'

/** What a policy was before. */
interface Found {
  readonly name: string
  readonly governor: string
  readonly limits: Limits
}

interface FoundFile {
  readonly pid: number
  /** When the process started, in ticks since boot: its number may belong to another process later. */
  readonly started: string
  readonly policies: readonly Found[]
}

/**
 * Gives back what a process that was killed has left; what a living one governs stays as it is. What can't be given back.
 * @throws NotPermitted where the file can't be removed
 */
export function giveBackLeft(files: Files, stateFile: string): string[] {
  const left = readFound(stateFile)
  if (left === undefined) return []
  if (left === 'nonsense') {
    removeFile(stateFile)
    return [nonsense(stateFile)]
  }
  if (isGoverning(files, left)) return []
  const { problems } = restore(files, left.policies)
  removeFile(stateFile)
  return problems
}

export class TakeOver {
  readonly #files: Files
  readonly #stateFile: string
  readonly #pid: number
  readonly #found: Found[] = []
  /** Given back at the start. Limits take effect a little after they are written: what is read may be older. */
  #recovered: readonly Found[] = []

  /**
   * Gives back what a process that was killed had left, and makes the file of this one.
   * @param log gets what can't be given back
   * @throws NotAvailable while another process governs, NotPermitted where the file can't be written
   */
  constructor(files: Files, stateFile: string, pid: number, log: (problem: string) => void) {
    this.#files = files
    this.#stateFile = stateFile
    this.#pid = pid
    for (const problem of this.#recover()) log(problem)
    this.#save(true)
  }

  /**
   * Selects `userspace`. A policy that is switched off is left as it is.
   * @throws NotAvailable where the driver has no such governor, NotPermitted
   */
  take(policy: LinuxPolicy): void {
    const { name } = policy
    const [governor, limits] = [policy.governor(), policy.limits()]
    if (governor === undefined || limits === undefined) return
    if (!this.#found.some((found) => found.name === name)) {
      const recovered = this.#recovered.find((found) => found.name === name)
      this.#found.push(recovered ?? { name, governor, limits })
      this.#save(false)
    }
    const refused = policy.select(USERSPACE)
    if (refused !== undefined) throw refusal(policy, refused)
  }

  /** Gives everything back as it was found. Returns what can't be. */
  giveBack(): string[] {
    const { problems } = restore(this.#files, this.#found.splice(0))
    removeFile(this.#stateFile)
    return problems
  }

  #recover(): string[] {
    const left = readFound(this.#stateFile)
    if (left === 'nonsense') {
      removeFile(this.#stateFile)
      return [nonsense(this.#stateFile)]
    }
    if (left !== undefined && isGoverning(this.#files, left))
      throw new NotAvailable(
        `Cannot take over the frequency of processors: process ${left.pid} has`,
        'end that process first; it gives back what it has taken',
      )
    const { problems, restored } = restore(this.#files, left?.policies ?? [])
    this.#recovered = restored
    removeFile(this.#stateFile)
    return problems
  }

  /** Writes the file in one step; if it `isNew`, there may be none. */
  #save(isNew: boolean): void {
    const content: FoundFile = {
      pid: this.#pid,
      started: startOf(this.#files, this.#pid) ?? '',
      policies: this.#found,
    }
    inFolder(this.#stateFile, MODE, (folder, name) =>
      folder.write(name, JSON.stringify(content), { mode: 0o600, isNew }),
    )
  }
}

/** Of the folder, which other files of Moonring share. */
const MODE = 0o755
/** Bytes of the file: those of some thousands of policies. */
const MOST_BYTES = 1 << 20

/** Does something with the folder of the file; undefined where there is none. @throws NotAvailable, NotPermitted */
function inFolder<T>(
  path: string,
  make: number | undefined,
  step: (folder: TrustedFolder, name: string) => T,
): T | undefined {
  try {
    using folder = TrustedFolder.open(dirname(path), make === undefined ? {} : { make })
    return step(folder, basename(path))
  } catch (error) {
    if (make === undefined && systemError(error)?.code === 'ENOENT') return undefined
    throw unusable(path, error)
  }
}

/** Whether the process that wrote the file is still there. */
function isGoverning(files: Files, { pid, started }: FoundFile): boolean {
  return started !== '' && startOf(files, pid) === started
}

function removeFile(path: string): void {
  inFolder(path, undefined, (folder, name) => folder.remove(name))
}

function refusal({ name, driver }: LinuxPolicy, errno: string): Error {
  if (errno === 'EACCES' || errno === 'EPERM')
    return new NotPermitted(`Cannot take over ${name}: permission denied`, 'run it as root', errno)
  const passive = /^(intel|amd)[_-]pstate/.exec(driver)?.[1]
  return new NotAvailable(
    `Cannot take over ${name}: with its driver ${driver} there is no governor ${USERSPACE} (${errno})`,
    passive === undefined
      ? 'run a kernel built with CONFIG_CPU_FREQ_GOV_USERSPACE'
      : `boot with ${passive}_pstate=passive, so that the kernel has a say in the frequency`,
    errno,
  )
}

function unusable(path: string, error: unknown): Error {
  if (error instanceof Untrusted) return new NotAvailable(`Cannot use ${path}: ${error.message}`, error.hint)
  const known = systemError(error)
  if (known === undefined) return error as Error
  if (known.code === 'EEXIST')
    return new NotAvailable(
      'Cannot take over the frequency of processors: another process does so at this moment',
      'end that process first',
    )
  const message = `Cannot use ${path}: ${known.reason}`
  if (known.kind === 'refused') return new NotPermitted(message, 'run it as root', known.code)
  return new NotAvailable(message, known.remedy, known.code)
}

/**
 * The file's content; undefined if there is none. What it names becomes a part of paths and is written to the kernel: anything
 * that Moonring would not have written is nonsense.
 */
function readFound(path: string): FoundFile | 'nonsense' | undefined {
  const text = inFolder(path, undefined, (folder, name) => folder.read(name, MOST_BYTES))
  if (text === undefined) return undefined
  try {
    const content: unknown = JSON.parse(text)
    return isFoundFile(content) ? content : 'nonsense'
  } catch {
    return 'nonsense'
  }
}

function nonsense(path: string): string {
  return `Cannot give back what ${path} told of: it made no sense, and is removed`
}

/** Names of policies, and of governors, which have 15 bytes at most (CPUFREQ_NAME_LEN of linux/cpufreq.h). */
const POLICY = /^policy\d{1,6}$/
const GOVERNOR = /^[\w-]{1,15}$/

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0

function isFoundFile(value: unknown): value is FoundFile {
  const { pid, started, policies } = (value ?? {}) as Partial<FoundFile>
  return isCount(pid) && typeof started === 'string' && Array.isArray(policies) && policies.every(isFound)
}

function isFound(value: unknown): value is Found {
  const { name, governor, limits } = (value ?? {}) as Partial<Found>
  return (
    typeof name === 'string' &&
    POLICY.test(name) &&
    typeof governor === 'string' &&
    GOVERNOR.test(governor) &&
    isCount(limits?.min) &&
    isCount(limits?.max)
  )
}

/** When a process started: field 22 of its stat, see proc_pid_stat(5); its name before may hold blanks. */
function startOf(files: Files, pid: number): string | undefined {
  const stat = files.read(`proc/${pid}/stat`)
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
}

interface Restored {
  /** What can't be given back. */
  readonly problems: string[]
  readonly restored: Found[]
}

/** Policies that are switched off, or that somebody has given another governor since, are left as they are. */
function restore(files: Files, policies: readonly Found[]): Restored {
  const outcome: Restored = { problems: [], restored: [] }
  for (const found of policies) {
    const { name, governor, limits } = found
    const policy = new LinuxPolicy(files, name)
    const now = policy.limits()
    if (now === undefined || policy.governor() !== USERSPACE) continue
    const isMoved = now.min !== limits.min || now.max !== limits.max
    const refused = policy.select(governor) ?? (isMoved ? policy.limit(limits) : undefined)
    if (refused === undefined) outcome.restored.push(found)
    else outcome.problems.push(`Cannot give back ${name} to ${governor}: ${refused}`)
  }
  return outcome
}
