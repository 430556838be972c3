/** Completes the instructions of a spec for the running kernel: maps by their descriptors, kfuncs by BTF ids. */
import type { ProgramSpec, Reference } from '../ebpf/program-spec.ts'
import { KernelError } from './errors.ts'
import type { BpfMap } from './map.ts'

/** `struct bpf_insn` */
const INSTRUCTION_SIZE = 8
/** src_reg of a 64-bit immediate load: BPF_PSEUDO_MAP_FD, BPF_PSEUDO_MAP_VALUE. */
const PSEUDO = { map: 1, 'map-value': 2 } as const
/** src_reg of a call: BPF_PSEUDO_KFUNC_CALL. */
const KFUNC_CALL = 2

/** What references lead to. */
export interface Definitions {
  /** Maps by the names that the spec has for them. */
  readonly maps: Readonly<Record<string, BpfMap>>
  readonly kfuncId: (name: string) => number
}

/**
 * A copy of the instructions with every reference filled in.
 * @throws KernelError for names that nothing defines, NotAvailable for kfuncs that this kernel lacks.
 */
export function completeProgram(spec: ProgramSpec, name: string, definitions: Definitions): Uint8Array {
  const instructions = spec.instructions.slice()
  const view = new DataView(instructions.buffer)
  for (const reference of spec.references) complete(view, reference, name, definitions)
  return instructions
}

function complete(view: DataView, reference: Reference, name: string, definitions: Definitions): void {
  const at = reference.at * INSTRUCTION_SIZE
  const setSource = (source: number) => view.setUint8(at + 1, (view.getUint8(at + 1) & 15) | (source << 4))
  switch (reference.kind) {
    case 'kfunc':
      setSource(KFUNC_CALL)
      view.setInt16(at + 2, 0, true)
      view.setInt32(at + 4, definitions.kfuncId(reference.name), true)
      return
    case 'function':
      throw new KernelError(
        'KERNEL',
        `Cannot load program ${name}: it calls ${reference.name}, which it does not contain`,
        'link it with the spec that has this function',
      )
    default: {
      const map = definitions.maps[reference.name]
      if (map === undefined) {
        const reason = `it uses map ${reference.name}, which is not given`
        const hint = 'give the map under this name'
        throw new KernelError('KERNEL', `Cannot load program ${name}: ${reason}`, hint)
      }
      setSource(PSEUDO[reference.kind])
      view.setInt32(at + 4, map.fd, true)
      const offset = reference.kind === 'map-value' ? reference.offset : 0
      view.setUint32(at + INSTRUCTION_SIZE + 4, offset, true)
    }
  }
}
