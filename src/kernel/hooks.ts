/**
 * The hooks to which a state can be attached, and whether this machine has them. A program of the hook's kind is
 * loaded, and a link is asked for that can't come about: the kernel's answer tells whether it knows such links.
 * Nothing is ever attached.
 */
import { bpf, type Values } from './attributes.ts'
import { mountPoints } from './bpffs.ts'
import { errnoName } from './errors.ts'
import { attempt, type Machine, no, type ProbeResult, yes } from './feature.ts'
import type { AttachType, ProgramType } from './kernel-names.ts'
import { linkValues } from './link.ts'
import { kindOfType, withKind } from './program-kinds.ts'

export interface Hook {
  readonly name: string
  /** What is run there: a program of this type, or nothing in the kernel. */
  readonly program: ProgramType | 'user space'
  /** What to do where it is missing. */
  readonly remedy: string
  readonly probe: (machine: Machine) => ProbeResult
}

/** A link that no kernel makes, and what one answers that knows links of its kind. */
interface Impossible {
  readonly target?: number
  readonly details?: Values<'LINK_CREATE'>
  /** Errors of kernels that don't know them. */
  readonly unknown: readonly string[]
}

/** No device has this index, no protocol family this number, and no file this descriptor. */
const NO_DEVICE = 0x7fffffff
const NO_FAMILY = 0xff
const NO_FILE = 0x7fffffff

function probeLink(
  machine: Machine,
  type: ProgramType,
  attachType: AttachType,
  link: Impossible,
): ProbeResult {
  return withKind(machine, kindOfType(type), attachType, (fd) => {
    const result = bpf(machine.system(), 'LINK_CREATE', linkValues(fd, { attachType, ...link }))
    // a link that came about after all would last for as long as its descriptor
    if (result >= 0) machine.system().close(result)
    const errno = errnoName(result)
    return link.unknown.includes(errno) ? no(`this kernel has no such links (${errno})`) : yes()
  })
}

function netfilter(hook: string): Hook {
  const details = { 'netfilter.pf': NO_FAMILY }
  return {
    name: `netfilter/${hook}`,
    program: 'NETFILTER',
    remedy: 'run Linux 6.4 or newer, built with CONFIG_NETFILTER_BPF_LINK=y',
    probe: (m) => probeLink(m, 'NETFILTER', 'NETFILTER', { details, unknown: ['EINVAL', 'EOPNOTSUPP'] }),
  }
}

function tc(direction: 'ingress' | 'egress'): Hook {
  const attachType = direction === 'ingress' ? 'TCX_INGRESS' : 'TCX_EGRESS'
  return {
    name: `tc/${direction}`,
    program: 'SCHED_CLS',
    remedy: 'run Linux 6.6 or newer, built with CONFIG_NET_XGRESS=y',
    probe: (m) =>
      probeLink(m, 'SCHED_CLS', attachType, { target: NO_DEVICE, unknown: ['EINVAL', 'EOPNOTSUPP'] }),
  }
}

const xdp: Hook = {
  name: 'xdp',
  program: 'XDP',
  remedy: 'run Linux 5.9 or newer',
  // a device that isn't there is EINVAL, which every kernel with XDP links answers
  probe: (m) => probeLink(m, 'XDP', 'XDP', { target: NO_DEVICE, unknown: ['EOPNOTSUPP'] }),
}

function cgroup(name: string, program: ProgramType, attachType: AttachType): Hook {
  return {
    name: `cgroup/${name}`,
    program,
    remedy: 'run a kernel built with CONFIG_CGROUP_BPF=y, and mount cgroup2',
    probe: (machine) => {
      const [directory] = mountPoints('cgroup2', machine.read)
      const result = probeLink(machine, program, attachType, { target: NO_FILE, unknown: ['EINVAL'] })
      if (!result.available) return result
      return directory === undefined ? no('no cgroup2 file system is mounted') : yes(`in ${directory}`)
    },
  }
}

/** Drivers that leave the frequency to the processor. */
const CHOOSE_THEMSELVES = ['intel_pstate', 'amd-pstate-epp']

const cpufreq: Hook = {
  name: 'cpufreq',
  program: 'user space',
  remedy:
    'use a machine on which Linux controls the frequency of the processor: most virtual machines are none',
  probe: ({ read }) => {
    const driver = read('/sys/devices/system/cpu/cpufreq/policy0/scaling_driver')?.trim()
    if (driver === undefined) return no('this machine has no cpufreq policy')
    // the list of governors names modules only once they are loaded: it can't tell that there is none
    return CHOOSE_THEMSELVES.includes(driver)
      ? no(
          `the driver ${driver} has no governor userspace: boot with intel_pstate=passive or amd_pstate=passive`,
        )
      : yes(`driver ${driver}`)
  },
}

export const HOOKS: readonly Hook[] = [
  ...['prerouting', 'local-in', 'forward', 'local-out', 'postrouting'].map(netfilter),
  tc('ingress'),
  tc('egress'),
  xdp,
  cgroup('ingress', 'CGROUP_SKB', 'CGROUP_INET_INGRESS'),
  cgroup('egress', 'CGROUP_SKB', 'CGROUP_INET_EGRESS'),
  cgroup('sock-create', 'CGROUP_SOCK', 'CGROUP_INET_SOCK_CREATE'),
  cgroup('connect4', 'CGROUP_SOCK_ADDR', 'CGROUP_INET4_CONNECT'),
  cgroup('connect6', 'CGROUP_SOCK_ADDR', 'CGROUP_INET6_CONNECT'),
  cgroup('sendmsg4', 'CGROUP_SOCK_ADDR', 'CGROUP_UDP4_SENDMSG'),
  cgroup('sendmsg6', 'CGROUP_SOCK_ADDR', 'CGROUP_UDP6_SENDMSG'),
  cgroup('bind4', 'CGROUP_SOCK_ADDR', 'CGROUP_INET4_BIND'),
  cgroup('bind6', 'CGROUP_SOCK_ADDR', 'CGROUP_INET6_BIND'),
  cgroup('getpeername4', 'CGROUP_SOCK_ADDR', 'CGROUP_INET4_GETPEERNAME'),
  cgroup('getpeername6', 'CGROUP_SOCK_ADDR', 'CGROUP_INET6_GETPEERNAME'),
  cgroup('sysctl', 'CGROUP_SYSCTL', 'CGROUP_SYSCTL'),
  cgroup('device', 'CGROUP_DEVICE', 'CGROUP_DEVICE'),
  cgroup('sock-ops', 'SOCK_OPS', 'CGROUP_SOCK_OPS'),
  cpufreq,
]

/** Whether a state can be attached to a hook here. */
export function probeHook(hook: Hook, machine: Machine): ProbeResult {
  return attempt(() => hook.probe(machine))
}
