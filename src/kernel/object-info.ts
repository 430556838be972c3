/** BPF_OBJ_GET_INFO_BY_FD: what the kernel tells about its objects. Layouts are those of include/uapi/linux/bpf.h. */
import type { SystemCalls } from '../ffi/system-calls.ts'
import { bpf } from './attributes.ts'
import { kernelError } from './system.ts'

/** Fields of `struct bpf_prog_info`, `bpf_map_info` and `bpf_link_info`: offset, and size if it isn't 4. */
export const INFO_FIELDS = {
  program: {
    type: [0],
    id: [4],
    jited_prog_len: [16],
    xlated_prog_len: [20],
    name: [64, 16],
    nr_jited_ksyms: [104],
    run_time_ns: [192, 8],
    run_cnt: [200, 8],
    verified_insns: [216],
  },
  map: {
    type: [0],
    id: [4],
    key_size: [8],
    value_size: [12],
    max_entries: [16],
    map_flags: [20],
    name: [24, 16],
    map_extra: [80, 8],
  },
  link: {
    type: [0],
    id: [4],
    prog_id: [8],
    /** Of a control group; 0 once it is detached. */
    'cgroup.cgroup_id': [16, 8],
    /** Of tcx and XDP; 0 once they are detached. */
    'tcx.ifindex': [16],
    'xdp.ifindex': [16],
  },
} as const

const INFO_SIZE = { program: 232, map: 88, link: 64 } as const

export type InfoKind = keyof typeof INFO_FIELDS

export interface ObjectInfo<K extends InfoKind> {
  number(field: keyof (typeof INFO_FIELDS)[K]): number
  text(field: keyof (typeof INFO_FIELDS)[K]): string
}

/** @throws KernelError */
export function objectInfo<K extends InfoKind>(
  system: SystemCalls,
  fd: number,
  kind: K,
  name: string,
): ObjectInfo<K> {
  const info = system.allocate(INFO_SIZE[kind])
  const result = bpf(system, 'OBJ_GET_INFO_BY_FD', { bpf_fd: fd, info_len: INFO_SIZE[kind], info })
  if (result < 0)
    throw kernelError(result, { action: `ask about ${kind} ${name}`, capabilities: ['CAP_BPF'] })
  const view = new DataView(info.bytes.buffer, info.bytes.byteOffset, info.bytes.length)
  const fields = INFO_FIELDS[kind] as Readonly<Record<string, readonly [number, number?]>>
  return {
    number(field) {
      const [offset, size = 4] = fields[field as string]!
      return size === 8 ? Number(view.getBigUint64(offset, true)) : view.getUint32(offset, true)
    },
    text(field) {
      const [offset, size = 16] = fields[field as string]!
      const bytes = info.bytes.subarray(offset, offset + size)
      return new TextDecoder().decode(bytes.subarray(0, Math.max(bytes.indexOf(0), 0)))
    },
  }
}
