/**
 * What tests need that boot a guest: the kernel, or why there is none, whereupon they skip and their names say so; and
 * a run that takes a second try where the machine is too busy for the guest to start.
 */
import { join } from 'node:path'
import { Archive } from './archive.ts'
import { type BootOptions, type BootResult, bootKernel } from './boot-kernel.ts'
import { cacheFolder } from './cache-folder.ts'
import { fetchBusybox, fetchKernel, type KernelImage } from './kernel-image.ts'
import { chooseKernel } from './kernel-version.ts'
import { findProgram, missingRequirement } from './requirements.ts'
import { KernelsError } from './unavailable.ts'

export interface GuestKernel {
  /** Undefined where the machine can't boot one, or nobody asked for it. */
  readonly kernel: (KernelImage & { readonly busybox: string }) | undefined
  /** Why there is none, for tests that are skipped. */
  readonly missing: string | undefined
}

/** Gets a kernel of a series if `MOONRING_TEST_GUEST=1` asks for it, from Debian's archive unless it is there. */
export function guestKernel(series: string): GuestKernel {
  const without = (reason: string) => ({ kernel: undefined, missing: reason })
  if (process.env.MOONRING_TEST_GUEST !== '1') return without('needs MOONRING_TEST_GUEST=1')
  const missing = missingRequirement((name) => findProgram(name, process.env.PATH))
  if (missing) return without(missing.message)
  try {
    return { kernel: fetchParts(series), missing: undefined }
  } catch (error) {
    if (error instanceof KernelsError) return without(error.message)
    throw error
  }
}

function fetchParts(series: string) {
  const cache = cacheFolder()
  const note = () => {}
  const archive = Archive.open(join(cache, 'apt'), note)
  const busybox = fetchBusybox(cache, archive, note)
  const chosen = chooseKernel(series, archive.kernels())
  if (chosen === undefined)
    throw new KernelsError(4, 'KERNELS_UNKNOWN_KERNEL', `Cannot boot ${series}: the archive has none`, '')
  return { ...fetchKernel(cache, archive, busybox, chosen, note), busybox }
}

/** Seconds after which a guest whose command has printed nothing counts as one that doesn't boot. */
const BOOTED = 40

/**
 * Runs a command that prints something at once to its end, in a guest that is booted once more if it doesn't come up:
 * both tries share `timeoutSeconds`.
 * @returns what it printed
 * @throws Error that says how it ended, if it didn't exit with 0
 */
export async function runInGuest(options: BootOptions): Promise<string> {
  let result = await bootInTime(options)
  if (result.output === '') {
    const timeoutSeconds = options.timeoutSeconds - Math.ceil(result.seconds)
    result = await bootInTime({ ...options, timeoutSeconds })
  }
  const { end, code, seconds, output, dmesg, complaints } = result
  if (code === 0) return output
  const how = end === 'exited' ? `exited with ${code}` : end === 'aborted' ? 'did not boot' : end
  const told = [complaints, `it printed:\n${output}`, `its kernel's last messages:\n${lastLines(dmesg)}`]
  throw new Error(`the guest ${how} after ${seconds.toFixed(0)} s\n${told.join('\n')}`)
}

async function bootInTime(options: BootOptions): Promise<BootResult> {
  const stop = new AbortController()
  const timer = setTimeout(() => stop.abort(), BOOTED * 1000)
  const onOutput = () => clearTimeout(timer)
  return bootKernel({ ...options, onOutput, signal: stop.signal }).finally(onOutput)
}

const lastLines = (text: string): string => text.trimEnd().split('\n').slice(-20).join('\n')
