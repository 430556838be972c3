/** Run times of all programs, which the kernel counts for as long as somebody asks it to. */
import type { SystemCalls } from '../ffi/system-calls.ts'
import { bpf } from './attributes.ts'
import { Descriptor } from './descriptor.ts'
import { kernelError, systemCalls } from './system.ts'

/** BPF_STATS_RUN_TIME of enum bpf_stats_type. */
const RUN_TIME = 0

/**
 * Makes the kernel count what `Program.runTimes` tells, until this is closed. Each run takes two readings of the clock
 * more then.
 * @throws NotPermitted, KernelError
 */
export function countRunTimes(system: SystemCalls = systemCalls()): Descriptor {
  const fd = bpf(system, 'ENABLE_STATS', { type: RUN_TIME })
  if (fd >= 0) return new Descriptor(system, fd, 'run times')
  throw kernelError(fd, {
    action: 'count run times of programs',
    capabilities: ['CAP_SYS_ADMIN'],
    feature: { name: 'BPF_ENABLE_STATS', since: '5.8' },
  })
}
