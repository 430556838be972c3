/**
 * Boots a kernel in QEMU, by emulation, with the host's files, and runs a command in it as root. What the guest
 * writes to the host's files lies in its memory and ends with it. It has no network.
 */
import { spawn } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { followFile } from './follow-file.ts'
import { FILES, startScript } from './guest-scripts.ts'
import { buildInitramfs } from './initramfs.ts'
import { qemuArguments } from './qemu-arguments.ts'
import { KernelsError } from './unavailable.ts'

export interface BootOptions {
  /** Path of the kernel. */
  readonly image: string
  /** Folder of its modules, with modules.dep. */
  readonly modules: string
  /** Path of a busybox without shared libraries. */
  readonly busybox: string
  /** Script for /bin/sh of the host's root file system. */
  readonly command: string
  /** Where it runs; by default the current directory. */
  readonly directory?: string
  /** A folder that the guest sees over `directory`, whose other files it sees too: a snapshot, see snapshot.ts. */
  readonly cover?: string
  readonly environment?: Readonly<Record<string, string>>
  /** For the guest from its start to its end. */
  readonly timeoutSeconds: number
  /** In MiB; 3072 by default, of which half is for what the guest writes. */
  readonly memory?: number
  /** 2 by default. */
  readonly cpus?: number
  /** QEMU's name of a processor with features; `max` by default. */
  readonly processor?: string
  /** Modules that modprobe loads before the command, such as `acpi-cpufreq`. */
  readonly extraModules?: readonly string[]
  /** More arguments of QEMU, such as `-acpitable`. */
  readonly extraArguments?: readonly string[]
  /** More arguments of the kernel. */
  readonly kernelArguments?: readonly string[]
  /** Names of files that the command may leave in SHARED, see `BootResult.files`. */
  readonly files?: readonly string[]
  /** Gets the command's output while it runs. */
  readonly onOutput?: (text: string) => void
  /** Ends the guest. */
  readonly signal?: AbortSignal
  /** Leaves the folder that the guest shared with the host, and names it. */
  readonly onKept?: (folder: string) => void
}

export interface BootResult {
  /** The command's exit code; undefined if it didn't end. */
  readonly code: number | undefined
  /** Why not, if it didn't: the time was up, the guest's kernel or QEMU died, or `signal`. */
  readonly end: 'exited' | 'timed out' | 'died' | 'aborted'
  /** What the command printed, both streams. */
  readonly output: string
  /** The kernel's messages; those that the console got, if the guest died. */
  readonly dmesg: string
  /** The texts of the files that were asked for and exist, by their names. */
  readonly files: Readonly<Record<string, string>>
  /** What QEMU itself complained about. */
  readonly complaints: string
  /** From QEMU's start to its end. */
  readonly seconds: number
}

/** Seconds that a guest whose time is up has to tell the kernel's messages and to power off. */
const GRACE = 20

/**
 * @throws KernelsError if QEMU can't be started
 */
export async function bootKernel(options: BootOptions): Promise<BootResult> {
  const folder = mkdtempSync(join(tmpdir(), 'moonring-guest-'))
  try {
    return await bootIn(folder, options)
  } finally {
    if (options.onKept) options.onKept(folder)
    else rmSync(folder, { recursive: true, force: true })
  }
}

async function bootIn(folder: string, options: BootOptions): Promise<BootResult> {
  const shared = join(folder, 'shared')
  const consoleFile = join(folder, 'console')
  prepare(folder, shared, options)
  const args = qemuArguments({
    image: options.image,
    initramfs: join(folder, 'initramfs'),
    shared,
    console: consoleFile,
    memory: options.memory ?? 3072,
    cpus: options.cpus ?? 2,
    processor: options.processor ?? 'max',
    kernelArguments: options.kernelArguments ?? [],
    extraArguments: options.extraArguments ?? [],
  })
  const follower = options.onOutput ? followFile(join(shared, FILES.output), options.onOutput) : undefined
  const start = performance.now()
  const { ended, complaints } = await runQemu(args, options.timeoutSeconds + GRACE, options.signal)
  const seconds = (performance.now() - start) / 1000
  follower?.stop()
  const code = read(join(shared, FILES.code)).trim()
  const dmesg = read(join(shared, FILES.dmesg))
  const end = code !== '' ? 'exited' : ended === 'closed' && dmesg !== '' ? 'timed out' : ended
  return {
    code: code === '' ? undefined : Number(code),
    end: end === 'closed' ? 'died' : end,
    output: read(join(shared, FILES.output)),
    dmesg: dmesg === '' ? read(consoleFile).replaceAll('\r', '') : dmesg,
    files: Object.fromEntries(
      (options.files ?? []).map((name) => [name, read(join(shared, name))]).filter(([, text]) => text !== ''),
    ),
    complaints,
    seconds,
  }
}

/** Lays out the folder: what the guest reads, and its first file system. */
function prepare(folder: string, shared: string, options: BootOptions): void {
  mkdirSync(shared)
  copyFileSync(options.busybox, join(shared, FILES.busybox))
  writeFileSync(join(shared, FILES.command), options.command)
  const directory = options.directory ?? process.cwd()
  const start = startScript({
    directory,
    environment: {
      PATH: process.env.PATH ?? '/usr/sbin:/usr/bin:/sbin:/bin',
      HOME: '/root',
      NO_COLOR: '1',
      ...options.environment,
    },
    extraModules: options.extraModules ?? [],
    timeoutSeconds: options.timeoutSeconds,
  })
  writeFileSync(join(shared, FILES.start), start)
  const cover = options.cover === undefined ? undefined : { folder: options.cover, over: directory }
  writeFileSync(join(folder, 'initramfs'), buildInitramfs(options.modules, options.busybox, cover))
}

/** Runs QEMU to its end, or ends it. */
function runQemu(
  args: readonly string[],
  timeoutSeconds: number,
  signal: AbortSignal | undefined,
): Promise<{ ended: 'closed' | 'timed out' | 'aborted'; complaints: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn('qemu-system-x86_64', args, { stdio: ['ignore', 'ignore', 'pipe'] })
    let ended: 'closed' | 'timed out' | 'aborted' = 'closed'
    let complaints = ''
    const kill = (why: 'timed out' | 'aborted'): void => {
      ended = why
      child.kill('SIGKILL')
    }
    const timer = setTimeout(kill, timeoutSeconds * 1000, 'timed out')
    const abort = (): void => kill('aborted')
    signal?.addEventListener('abort', abort)
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaints += text
    })
    child.on('error', (error) =>
      reject(
        new KernelsError(
          4,
          'KERNELS_MISSING_PROGRAM',
          `Cannot start qemu-system-x86_64: ${error.message}`,
          'Install it: apt-get install --no-install-recommends qemu-system-x86',
        ),
      ),
    )
    child.on('close', () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
      resolve({ ended, complaints })
    })
    if (signal?.aborted) abort()
  })
}

/** A file's text, empty if there is none. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
