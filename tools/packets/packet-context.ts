/**
 * Contexts of packets for BPF_PROG_TEST_RUN (`Program.run`): the structs that programs see packets through, with the
 * fields that a test sets. Which ones may be set is the kernel's business: `convert___skb_to_skb` and
 * `xdp_convert_md_to_buff` of net/bpf/test_run.c.
 */
import { KIND } from '../../src/kernel/btf-format.ts'
import { kernelBtf } from '../../src/kernel/kernel-btf.ts'

type Struct = '__sk_buff' | 'xdp_md'

/** Offset of a field in bytes. @throws Error where this kernel has no such field */
export function contextOffset(struct: Struct, field: string): number {
  const member = kernelBtf().findMember(struct, field)
  if (member === undefined) throw new Error(`${struct} has no field ${field}`)
  return member.offset
}

/** A context with these fields; all others are 0. */
export function packetContext(struct: Struct, fields: Readonly<Record<string, number>>): Uint8Array {
  const btf = kernelBtf()
  const bytes = new Uint8Array(btf.sizeOrType(btf.find(struct, KIND.STRUCT) ?? 0))
  const view = new DataView(bytes.buffer)
  for (const [name, value] of Object.entries(fields)) view.setUint32(contextOffset(struct, name), value, true)
  return bytes
}

/** A field of the context that a run left. */
export function contextField(struct: Struct, bytes: Uint8Array | undefined, field: string): number {
  if (bytes === undefined) throw new Error('the run left no context')
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(contextOffset(struct, field), true)
}
