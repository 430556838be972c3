/**
 * Names and numbers of the kernel's user interface to eBPF, from include/uapi/linux/bpf.h. They are the kernel's
 * own names without their prefixes; a test compares them with the BTF of the running kernel.
 */

/** enum bpf_cmd, `BPF_…` */
export const COMMAND = {
  MAP_CREATE: 0,
  MAP_LOOKUP_ELEM: 1,
  MAP_UPDATE_ELEM: 2,
  MAP_DELETE_ELEM: 3,
  MAP_GET_NEXT_KEY: 4,
  PROG_LOAD: 5,
  OBJ_PIN: 6,
  OBJ_GET: 7,
  PROG_TEST_RUN: 10,
  PROG_GET_FD_BY_ID: 13,
  OBJ_GET_INFO_BY_FD: 15,
  PROG_QUERY: 16,
  BTF_LOAD: 18,
  LINK_CREATE: 28,
  LINK_UPDATE: 29,
  ENABLE_STATS: 32,
  ITER_CREATE: 33,
  LINK_DETACH: 34,
} as const

/** enum bpf_map_type, `BPF_MAP_TYPE_…` */
export const MAP_TYPE = { HASH: 1, ARRAY: 2, PROG_ARRAY: 3, RINGBUF: 27, ARENA: 33 } as const

/** `BPF_F_…` of maps */
export const MAP_FLAG = { NO_PREALLOC: 1 << 0, MMAPABLE: 1 << 10 } as const

/** enum bpf_prog_type, `BPF_PROG_TYPE_…` */
export const PROGRAM_TYPE = {
  SOCKET_FILTER: 1,
  KPROBE: 2,
  SCHED_CLS: 3,
  TRACEPOINT: 5,
  XDP: 6,
  PERF_EVENT: 7,
  CGROUP_SKB: 8,
  CGROUP_SOCK: 9,
  SOCK_OPS: 13,
  SK_SKB: 14,
  CGROUP_DEVICE: 15,
  SK_MSG: 16,
  RAW_TRACEPOINT: 17,
  CGROUP_SOCK_ADDR: 18,
  CGROUP_SYSCTL: 23,
  TRACING: 26,
  STRUCT_OPS: 27,
  LSM: 29,
  SK_LOOKUP: 30,
  SYSCALL: 31,
  NETFILTER: 32,
} as const

export type ProgramType = keyof typeof PROGRAM_TYPE

/** enum bpf_attach_type, `BPF_…` */
export const ATTACH_TYPE = {
  CGROUP_INET_INGRESS: 0,
  CGROUP_INET_EGRESS: 1,
  CGROUP_INET_SOCK_CREATE: 2,
  CGROUP_SOCK_OPS: 3,
  SK_SKB_STREAM_VERDICT: 5,
  CGROUP_DEVICE: 6,
  CGROUP_INET4_BIND: 8,
  CGROUP_INET6_BIND: 9,
  SK_MSG_VERDICT: 7,
  CGROUP_INET4_CONNECT: 10,
  CGROUP_INET6_CONNECT: 11,
  CGROUP_UDP4_SENDMSG: 14,
  CGROUP_UDP6_SENDMSG: 15,
  CGROUP_SYSCTL: 18,
  TRACE_FENTRY: 24,
  LSM_MAC: 27,
  TRACE_ITER: 28,
  CGROUP_INET4_GETPEERNAME: 29,
  CGROUP_INET6_GETPEERNAME: 30,
  SK_LOOKUP: 36,
  XDP: 37,
  PERF_EVENT: 41,
  STRUCT_OPS: 44,
  NETFILTER: 45,
  TCX_INGRESS: 46,
  TCX_EGRESS: 47,
} as const

export type AttachType = keyof typeof ATTACH_TYPE

/** enum bpf_link_type, `BPF_LINK_TYPE_…` */
export const LINK_TYPE = { CGROUP: 3, XDP: 6, NETFILTER: 10, TCX: 11 } as const

/** `BPF_F_…` of programs */
export const PROGRAM_FLAG = { SLEEPABLE: 1 << 4, XDP_HAS_FRAGS: 1 << 5 } as const

/** `BPF_LOG_…`, kernel/bpf's include/linux/bpf_verifier.h */
export const LOG_LEVEL = { INSTRUCTIONS: 1, STATES: 2, STATISTICS: 4 } as const

/** Bytes in names of maps and programs, without the ending zero: BPF_OBJ_NAME_LEN - 1. */
export const LONGEST_NAME = 15
