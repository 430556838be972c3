/** Programs attached to a device by tcx, in the order in which the kernel calls them. */
import { bpf, makeAttributes, readField } from './attributes.ts'
import { ATTACH_TYPE, type AttachType, COMMAND } from './kernel-names.ts'
import { objectInfo } from './object-info.ts'
import { kernelError, systemCalls } from './system.ts'

export interface AttachedProgram {
  readonly id: number
  readonly name: string
}

/** The most that tcx takes: BPF_MPROG_MAX of include/linux/bpf_mprog.h. */
const MOST = 64

/** @throws NotPermitted, KernelError */
export function tcxPrograms(attachType: AttachType, device: number): AttachedProgram[] {
  const system = systemCalls()
  const ids = system.allocate(4 * MOST)
  const attributes = makeAttributes(system, 'PROG_QUERY', {
    target_fd: device,
    attach_type: ATTACH_TYPE[attachType],
    prog_ids: ids,
    count: MOST,
  })
  const result = system.bpf(COMMAND.PROG_QUERY, attributes)
  if (result < 0)
    throw kernelError(result, { action: 'ask for the programs of a device', capabilities: ['CAP_NET_ADMIN'] })
  const view = new DataView(ids.bytes.buffer, ids.bytes.byteOffset)
  const count = readField(attributes, 'PROG_QUERY', 'count')
  return Array.from({ length: count }, (_, i) => view.getUint32(4 * i, true)).flatMap((id) => {
    const fd = bpf(system, 'PROG_GET_FD_BY_ID', { prog_id: id })
    if (fd < 0) return [] // it has been detached meanwhile
    try {
      return [{ id, name: objectInfo(system, fd, 'program', String(id)).text('name') }]
    } finally {
      system.close(fd)
    }
  })
}
