/**
 * Links of netfilter that somebody has detached. BPF_OBJ_GET_INFO_BY_FD doesn't tell: a small program goes through all links
 * (`struct bpf_iter__bpf_link`), and reads what the kernel itself goes by, `dead` of `struct bpf_nf_link`.
 */
import { readSync } from 'node:fs'
import { assemble } from '../ebpf/assemble.ts'
import { bpf } from './attributes.ts'
import { KernelError } from './errors.ts'
import { kernelBtf } from './kernel-btf.ts'
import { ATTACH_TYPE, LINK_TYPE } from './kernel-names.ts'
import { loadProgram } from './load-program.ts'
import type { Program } from './program.ts'
import { kernelError, systemCalls } from './system.ts'

/** Bytes of a read: records of 8 bytes, the link's number and whether it is dead. */
const READ = 4096

/** Where a member lies. @throws NotAvailable, as a link of netfilter can't be without it */
function offsetOf(struct: string, member: string): number | undefined {
  return kernelBtf().findMember(struct, member)?.offset
}

/** r6 the context, r7 the link. */
function programText(): string | undefined {
  const [id, type, dead] = [
    offsetOf('bpf_link', 'id'),
    offsetOf('bpf_link', 'type'),
    offsetOf('bpf_nf_link', 'dead'),
  ]
  if (id === undefined || type === undefined || dead === undefined) return undefined
  return `
static func moonring_links(ctx)
  r6 = r1
  r7 = *(u64 *)(r6 +8)
  if r7 == 0 goto out
  r1 = *(u32 *)(r7 +${type})
  if r1 != ${LINK_TYPE.NETFILTER} goto out
  r1 = *(u32 *)(r7 +${id})
  *(u32 *)(r10 -8) = r1
  r1 = r10
  r1 += -4
  r2 = 4
  r3 = r7
  r3 += ${dead}
  call bpf_probe_read_kernel
  r1 = *(u64 *)(r6 +0)
  r1 = *(u64 *)(r1 +0)
  r2 = r10
  r2 += -8
  r3 = 8
  call bpf_seq_write
out:
  r0 = 0
  exit`
}

/** Numbers of the links of netfilter that are detached; undefined where this kernel doesn't tell. */
export function deadNetfilterLinks(): ReadonlySet<number> | undefined {
  try {
    const text = programText()
    const attachBtfId = kernelBtf().findFunction('bpf_iter_bpf_link')
    if (text === undefined || attachBtfId === undefined) return undefined
    using program = loadProgram(assemble(text), { type: 'TRACING', attachType: 'TRACE_ITER', attachBtfId })
    return readLinks(program)
  } catch (error) {
    if (error instanceof KernelError) return undefined
    throw error
  }
}

function readLinks(program: Program): ReadonlySet<number> {
  const system = systemCalls()
  const link = bpf(system, 'LINK_CREATE', { prog_fd: program.fd, attach_type: ATTACH_TYPE.TRACE_ITER })
  if (link < 0) throw kernelError(link, { action: 'ask for links', capabilities: ['CAP_BPF', 'CAP_PERFMON'] })
  const iterator = bpf(system, 'ITER_CREATE', { link_fd: link })
  system.close(link)
  if (iterator < 0)
    throw kernelError(iterator, { action: 'ask for links', capabilities: ['CAP_BPF', 'CAP_PERFMON'] })
  const dead = new Set<number>()
  const bytes = Buffer.alloc(READ)
  try {
    for (let n = readSync(iterator, bytes); n > 0; n = readSync(iterator, bytes))
      for (let at = 0; at + 8 <= n; at += 8)
        if (bytes.readUInt32LE(at + 4) !== 0) dead.add(bytes.readUInt32LE(at))
  } finally {
    system.close(iterator)
  }
  return dead
}
