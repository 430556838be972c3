/** Kinds of programs: a type, with the attach type that goes with it where the kernel wants to know. */
import type { Btf } from './btf.ts'
import { KIND } from './btf-format.ts'
import { NotAvailable } from './errors.ts'
import { type Machine, type ProbeResult, withProgram, yes } from './feature.ts'
import { kernelBtf } from './kernel-btf.ts'
import { ATTACH_TYPE, type AttachType, type ProgramType } from './kernel-names.ts'

export interface ProgramKind {
  readonly type: ProgramType
  readonly attachType?: AttachType
  /** The first version of Linux that has it. */
  readonly since: string
  /** A configuration that it needs besides BPF. */
  readonly config?: string
  /** What is attached to, for kinds whose programs are bound to something when they are loaded. */
  readonly target?: (btf: Btf) => { readonly attachBtfId: number; readonly expectedAttachType?: number }
}

function functionTarget(name: string): NonNullable<ProgramKind['target']> {
  return (btf) => {
    const attachBtfId = btf.findFunction(name)
    if (attachBtfId !== undefined) return { attachBtfId }
    throw new NotAvailable(`Cannot find ${name}: this kernel has no such function`, 'run another kernel')
  }
}

/** A member of a struct of functions: these programs are loaded for one. */
function memberTarget(struct: string, member: string): NonNullable<ProgramKind['target']> {
  return (btf) => {
    const attachBtfId = btf.find(struct, KIND.STRUCT)
    const expectedAttachType = attachBtfId === undefined ? undefined : btf.memberIndex(attachBtfId, member)
    if (attachBtfId !== undefined && expectedAttachType !== undefined)
      return { attachBtfId, expectedAttachType }
    throw new NotAvailable(`Cannot find ${struct}: this kernel has no such struct`, 'run another kernel')
  }
}

export const PROGRAM_KINDS: readonly ProgramKind[] = [
  { type: 'SYSCALL', since: '5.14' },
  { type: 'NETFILTER', attachType: 'NETFILTER', since: '6.4', config: 'CONFIG_NETFILTER_BPF_LINK=y' },
  { type: 'SCHED_CLS', attachType: 'TCX_INGRESS', since: '4.1' },
  { type: 'XDP', attachType: 'XDP', since: '4.8' },
  { type: 'SOCKET_FILTER', since: '3.19' },
  { type: 'CGROUP_SKB', attachType: 'CGROUP_INET_INGRESS', since: '4.10', config: 'CONFIG_CGROUP_BPF=y' },
  {
    type: 'CGROUP_SOCK',
    attachType: 'CGROUP_INET_SOCK_CREATE',
    since: '4.10',
    config: 'CONFIG_CGROUP_BPF=y',
  },
  {
    type: 'CGROUP_SOCK_ADDR',
    attachType: 'CGROUP_INET4_CONNECT',
    since: '4.17',
    config: 'CONFIG_CGROUP_BPF=y',
  },
  { type: 'CGROUP_SYSCTL', attachType: 'CGROUP_SYSCTL', since: '5.2', config: 'CONFIG_CGROUP_BPF=y' },
  { type: 'CGROUP_DEVICE', attachType: 'CGROUP_DEVICE', since: '4.15', config: 'CONFIG_CGROUP_BPF=y' },
  { type: 'SOCK_OPS', attachType: 'CGROUP_SOCK_OPS', since: '4.13', config: 'CONFIG_CGROUP_BPF=y' },
  { type: 'SK_LOOKUP', attachType: 'SK_LOOKUP', since: '5.9' },
  { type: 'SK_MSG', attachType: 'SK_MSG_VERDICT', since: '4.17' },
  { type: 'SK_SKB', attachType: 'SK_SKB_STREAM_VERDICT', since: '4.14' },
  { type: 'KPROBE', since: '4.1', config: 'CONFIG_KPROBES=y' },
  { type: 'TRACEPOINT', since: '4.7' },
  { type: 'RAW_TRACEPOINT', since: '4.17' },
  { type: 'PERF_EVENT', since: '4.9' },
  { type: 'TRACING', attachType: 'TRACE_FENTRY', since: '5.5', target: functionTarget('bpf_fentry_test1') },
  {
    type: 'LSM',
    attachType: 'LSM_MAC',
    since: '5.7',
    config: 'CONFIG_BPF_LSM=y',
    target: functionTarget('bpf_lsm_file_open'),
  },
  { type: 'STRUCT_OPS', since: '5.6', target: memberTarget('tcp_congestion_ops', 'ssthresh') },
]

/** r0 of the smallest program that the verifier lets through: 0 where it wants just that. */
const RESULT: Partial<Record<ProgramType, number>> = { TRACING: 0, LSM: 0, SYSCALL: 0 }

export function kindOfType(type: ProgramType): ProgramKind {
  return PROGRAM_KINDS.find((kind) => kind.type === type)!
}

/** Loads the smallest program of a kind; an attach type may stand in for the kind's own. */
export function probeKind(machine: Machine, kind: ProgramKind, attachType?: AttachType): ProbeResult {
  return withKind(machine, kind, attachType, () => yes())
}

/** The same, and gives its descriptor to `use`. */
export function withKind<T>(
  machine: Machine,
  kind: ProgramKind,
  attachType: AttachType | undefined,
  use: (programFd: number) => T,
): T {
  const text = `r0 = ${RESULT[kind.type] ?? 1}\nexit`
  const target = kind.target?.(kernelBtf())
  const wanted = attachType ?? kind.attachType
  return withProgram(
    machine,
    text,
    {
      type: kind.type,
      ...(wanted !== undefined && { expectedAttachType: ATTACH_TYPE[wanted] }),
      ...target,
    },
    (program) => use(program.fd),
  )
}
