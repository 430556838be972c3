/** Features of the machine: bpf(2) at all, privilege, the JIT compiler, types, bpffs. */
import { makeAttributes } from './attributes.ts'
import { isInBpffs } from './bpffs.ts'
import { type Capability, inUserNamespace, missingCapabilities } from './capabilities.ts'
import { errnoName } from './errors.ts'
import { type Feature, no, withProgram, yes } from './feature.ts'
import { kernelBtf } from './kernel-btf.ts'

/** A number that is no command of bpf(2). */
const NO_COMMAND = 0xffff
const SUDO = 'run it with sudo, or give it CAP_BPF, CAP_PERFMON and CAP_NET_ADMIN'

function capability(name: Capability, use: string, essential: boolean): Feature {
  return {
    name,
    ...(essential && { essential }),
    remedy: SUDO,
    probe: ({ read }) => {
      if (read('/proc/self/status') === undefined) return no('/proc tells nothing about this process')
      if (missingCapabilities([name], read).length > 0) return no(`this process lacks it, ${use}`)
      return inUserNamespace(read) ? no('it counts only inside this user namespace') : yes(use)
    },
  }
}

const bpfCall: Feature = {
  name: 'bpf',
  essential: true,
  remedy: 'run a kernel with CONFIG_BPF_SYSCALL=y, on x86-64 or arm64, without seccomp against bpf(2)',
  probe: ({ system }) => {
    const calls = system()
    const result = errnoName(calls.bpf(NO_COMMAND, makeAttributes(calls, 'LINK_DETACH', {})))
    if (result === 'ENOSYS') return no('this kernel has no bpf(2)')
    return yes()
  },
}

const unprivileged: Feature = {
  name: 'unprivileged_bpf_disabled',
  remedy: 'set the sysctl kernel.unprivileged_bpf_disabled to 2: Moonring does not need it to be open',
  probe: ({ read }) => {
    const value = read('/proc/sys/kernel/unprivileged_bpf_disabled')?.trim()
    return value === '0'
      ? no('users without privilege may load programs')
      : yes(value ?? 'not a setting here')
  },
}

const lockdown: Feature = {
  name: 'lockdown',
  essential: true,
  remedy: 'boot without lockdown=confidentiality',
  probe: ({ read }) => {
    const mode = /\[(\w+)\]/.exec(read('/sys/kernel/security/lockdown') ?? '')?.[1] ?? 'none'
    return mode === 'confidentiality' ? no('the kernel is locked down: confidentiality') : yes(`mode ${mode}`)
  },
}

const jit: Feature = {
  name: 'jit',
  essential: true,
  remedy: 'set the sysctl net.core.bpf_jit_enable to 1, or run a kernel with CONFIG_BPF_JIT=y',
  probe: (machine) => {
    const read = machine.read('/proc/sys/net/core/bpf_jit_enable')?.trim()
    if (read === '0') return no('it is turned off')
    const program = 'r0 = 0\nexit'
    const length = withProgram(machine, program, { type: 'SYSCALL' }, (p) => p.statistics().jitedLength)
    return length > 0 ? yes() : no('programs are interpreted')
  },
}

const btf: Feature = {
  name: 'btf',
  essential: true,
  remedy: 'run a kernel with CONFIG_DEBUG_INFO_BTF=y, as distributions have it',
  probe: () => yes(`${kernelBtf().count - 1} types`),
}

const bpffs: Feature = {
  name: 'bpffs',
  remedy: 'it is mounted when a state is pinned; by hand: mount -t bpf bpf /sys/fs/bpf',
  probe: ({ bpffs: directory, read }) =>
    isInBpffs(directory, read) ? yes(`at ${directory}`) : no(`not mounted at ${directory}`),
}

export const MACHINE_FEATURES: readonly Feature[] = [
  bpfCall,
  capability('CAP_BPF', 'which every program needs', true),
  capability('CAP_PERFMON', 'which arenas need', true),
  capability('CAP_NET_ADMIN', 'which network hooks need', false),
  unprivileged,
  lockdown,
  jit,
  btf,
  bpffs,
]
