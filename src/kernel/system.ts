/** The system calls that this process uses, and what their failures mean. */
import { nativeSystemCalls, UnsupportedMachine } from '../ffi/native.ts'
import type { SystemCalls } from '../ffi/system-calls.ts'
import { type Capability, inUserNamespace, missingCapabilities } from './capabilities.ts'
import { errnoName, KernelError, NotAvailable, NotPermitted } from './errors.ts'

/**
 * The system calls of this machine.
 * @throws NotAvailable where Moonring has none for it.
 */
export function systemCalls(): SystemCalls {
  try {
    return nativeSystemCalls()
  } catch (error) {
    if (!(error instanceof UnsupportedMachine)) throw error
    throw new NotAvailable(
      `Cannot call the kernel: ${error.message}`,
      'use the engine in user space, which runs everywhere',
    )
  }
}

/** What a call needs, so that its failure can be explained. */
export interface Need {
  /** What could not be done, after "Cannot". */
  readonly action: string
  readonly capabilities: readonly Capability[]
  /** What EINVAL means: which feature of the kernel is missing, and from which version on it is there. */
  readonly feature?: { readonly name: string; readonly since: string }
}

/** The error for a negative result of bpf(2) or of what belongs to it. */
export function kernelError(result: number, need: Need): KernelError {
  const errno = errnoName(result)
  const message = (reason: string) => `Cannot ${need.action}: ${reason}`
  if (errno === 'EPERM' || errno === 'EACCES') return notPermitted(errno, need)
  if (errno === 'ENOSYS') {
    const reason = 'this kernel has no bpf(2)'
    return new NotAvailable(message(reason), 'run a kernel with CONFIG_BPF_SYSCALL=y', errno)
  }
  if (errno === 'EINVAL' || errno === 'EOPNOTSUPP') {
    const { name, since } = need.feature ?? { name: 'what this needs', since: '6.12' }
    const reason = `this kernel lacks ${name} (${errno})`
    const hint = `run Linux ${since} or newer; moonring doctor says what this kernel has`
    return new NotAvailable(message(reason), hint, errno)
  }
  const [reason, hint] = REASONS[errno] ?? [
    `the kernel answers ${errno}`,
    'moonring doctor checks this machine',
  ]
  return new KernelError('KERNEL', message(reason), hint, errno)
}

const REASONS: Readonly<Record<string, readonly [reason: string, hint: string]>> = {
  ENOMEM: ['there is not enough memory (ENOMEM)', 'use a smaller state, or free memory'],
  E2BIG: ['it is too large for the kernel (E2BIG)', 'use a smaller one'],
  EMFILE: ['this process has too many open files (EMFILE)', 'close states, or raise the limit: ulimit -n'],
  ENFILE: ['the machine has too many open files (ENFILE)', 'close files, or raise fs.file-max'],
  ENOSPC: ['there is no room left (ENOSPC)', 'remove what is no longer needed'],
  ENOENT: ['there is no such thing (ENOENT)', 'check its name'],
  EEXIST: ['it exists already (EEXIST)', 'choose another name, or remove the other one'],
  EROFS: ['the file system is mounted read-only (EROFS)', 'mount it anew: mount -o remount,rw'],
  EBUSY: ['it is in use (EBUSY)', 'detach what uses it first'],
}

function notPermitted(errno: string, { action, capabilities }: Need): NotPermitted {
  const missing = missingCapabilities(capabilities)
  const [reason, hint] =
    missing.length > 0
      ? [
          `this process lacks ${new Intl.ListFormat('en').format(missing)}`,
          'run it with sudo, or give these capabilities to it',
        ]
      : inUserNamespace()
        ? ['this process is root only inside its user namespace', 'run it outside of the container']
        : [
            'the kernel forbids it, though this process has the capabilities',
            'see whether lockdown, a security module or seccomp restricts bpf(2), or RLIMIT_MEMLOCK before Linux 5.11',
          ]
  return new NotPermitted(`Cannot ${action}: ${reason} (${errno})`, hint, errno)
}
