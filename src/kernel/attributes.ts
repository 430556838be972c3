/**
 * The attributes of bpf(2), `union bpf_attr` of include/uapi/linux/bpf.h: one table of fields, and the calls that
 * are made from it. A test compares the table with the BTF of the running kernel.
 */
import type { Memory, SystemCalls } from '../ffi/system-calls.ts'
import { COMMAND } from './kernel-names.ts'

/** Offset and size in bytes. A size of 16 is a name; 8 are numbers or addresses. */
type Field = readonly [offset: number, size: 4 | 8 | 16]

const ELEMENT = { map_fd: [0, 4], key: [8, 8], value: [16, 8], flags: [24, 8] } as const
const OBJECT = { pathname: [0, 8], bpf_fd: [8, 4], file_flags: [12, 4] } as const

/** Fields by command. */
export const FIELDS = {
  MAP_CREATE: {
    map_type: [0, 4],
    key_size: [4, 4],
    value_size: [8, 4],
    max_entries: [12, 4],
    map_flags: [16, 4],
    map_name: [28, 16],
    map_extra: [64, 8],
  },
  MAP_LOOKUP_ELEM: ELEMENT,
  MAP_UPDATE_ELEM: ELEMENT,
  MAP_DELETE_ELEM: ELEMENT,
  MAP_GET_NEXT_KEY: { map_fd: [0, 4], key: [8, 8], next_key: [16, 8] },
  PROG_LOAD: {
    prog_type: [0, 4],
    insn_cnt: [4, 4],
    insns: [8, 8],
    license: [16, 8],
    log_level: [24, 4],
    log_size: [28, 4],
    log_buf: [32, 8],
    prog_flags: [44, 4],
    prog_name: [48, 16],
    expected_attach_type: [68, 4],
    prog_btf_fd: [72, 4],
    func_info_rec_size: [76, 4],
    func_info: [80, 8],
    func_info_cnt: [88, 4],
    attach_btf_id: [108, 4],
    fd_array: [120, 8],
    log_true_size: [140, 4],
  },
  OBJ_PIN: OBJECT,
  OBJ_GET: OBJECT,
  PROG_TEST_RUN: {
    prog_fd: [0, 4],
    retval: [4, 4],
    data_size_in: [8, 4],
    data_size_out: [12, 4],
    data_in: [16, 8],
    data_out: [24, 8],
    repeat: [32, 4],
    duration: [36, 4],
    ctx_size_in: [40, 4],
    ctx_size_out: [44, 4],
    ctx_in: [48, 8],
    ctx_out: [56, 8],
    flags: [64, 4],
    cpu: [68, 4],
  },
  OBJ_GET_INFO_BY_FD: { bpf_fd: [0, 4], info_len: [4, 4], info: [8, 8] },
  PROG_GET_FD_BY_ID: { prog_id: [0, 4] },
  PROG_QUERY: {
    /** Of devices `target_ifindex`. */
    target_fd: [0, 4],
    attach_type: [4, 4],
    query_flags: [8, 4],
    prog_ids: [16, 8],
    count: [24, 4],
    /** Written whatever the size of the attributes is. */
    revision: [56, 8],
  },
  BTF_LOAD: {
    btf: [0, 8],
    btf_log_buf: [8, 8],
    btf_size: [16, 4],
    btf_log_size: [20, 4],
    btf_log_level: [24, 4],
  },
  LINK_CREATE: {
    prog_fd: [0, 4],
    /** A file descriptor or, for network devices, `target_ifindex`. */
    target_fd: [4, 4],
    attach_type: [8, 4],
    flags: [12, 4],
    'netfilter.pf': [16, 4],
    'netfilter.hooknum': [20, 4],
    'netfilter.priority': [24, 4],
    'netfilter.flags': [28, 4],
    'tcx.relative_id': [16, 4],
    'tcx.expected_revision': [24, 8],
  },
  LINK_UPDATE: { link_fd: [0, 4], new_prog_fd: [4, 4], flags: [8, 4], old_prog_fd: [12, 4] },
  ENABLE_STATS: { type: [0, 4] },
  ITER_CREATE: { link_fd: [0, 4], flags: [4, 4] },
  LINK_DETACH: { link_fd: [0, 4] },
} as const satisfies Record<keyof typeof COMMAND, Record<string, Field>>

export type Command = keyof typeof FIELDS
export type FieldName<C extends Command> = keyof (typeof FIELDS)[C] & string
type Value = number | bigint | string | Memory
export type Values<C extends Command> = { readonly [name in FieldName<C>]?: Value | undefined }

/** Attributes with all that they point to. */
export interface Attributes extends Memory {
  readonly view: DataView
  /** What addresses in the attributes lead to lives as long as they do. */
  readonly referred: readonly Memory[]
}

/** Bytes up to the end of a command's last field. */
function sizeOf(command: Command): number {
  const ends = Object.values<Field>(FIELDS[command]).map(([offset, size]) => offset + size)
  return Math.ceil(Math.max(...ends) / 8) * 8
}

/** Writes the fields of a command; those that are left out are zero. */
export function makeAttributes<C extends Command>(
  system: SystemCalls,
  command: C,
  values: Values<C>,
): Attributes {
  const { address, bytes } = system.allocate(sizeOf(command))
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const fields: Readonly<Record<string, Field>> = FIELDS[command]
  const referred: Memory[] = []
  for (const [name, value] of Object.entries<Value | undefined>(values)) {
    if (value === undefined) continue
    const [offset, size] = fields[name]!
    if (typeof value === 'string') new TextEncoder().encodeInto(value, bytes.subarray(offset, offset + 15))
    else if (typeof value === 'object') {
      view.setBigUint64(offset, BigInt(value.address), true)
      referred.push(value)
    } else if (size === 8) view.setBigUint64(offset, BigInt.asUintN(64, BigInt(value)), true)
    else view.setUint32(offset, Number(value) >>> 0, true)
  }
  return { address, bytes, view, referred }
}

/** Calls bpf(2). The result is 0 or more, often a file descriptor, or a negative error number. */
export function bpf<C extends Command>(system: SystemCalls, command: C, values: Values<C>): number {
  return system.bpf(COMMAND[command], makeAttributes(system, command, values))
}

/** A number of 32 bits that the kernel wrote into attributes. */
export function readField<C extends Command>(attributes: Attributes, command: C, name: FieldName<C>): number {
  const fields: Readonly<Record<string, Field>> = FIELDS[command]
  return attributes.view.getUint32(fields[name]![0], true)
}

/** A copy of bytes, where the kernel can read them. */
export function memoryOf(system: SystemCalls, bytes: Uint8Array): Memory {
  const memory = system.allocate(bytes.length)
  memory.bytes.set(bytes)
  return memory
}

/** Text with an ending zero, where the kernel can read it. */
export function textMemory(system: SystemCalls, text: string): Memory {
  return memoryOf(system, new TextEncoder().encode(`${text}\0`))
}
