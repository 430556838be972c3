/** Features of kinds of programs: which types load, and which kfuncs they may call on packets. */
import { type Feature, loads } from './feature.ts'
import type { ProgramType } from './kernel-names.ts'
import { PROGRAM_KINDS, type ProgramKind, probeKind } from './program-kinds.ts'

function programFeature(kind: ProgramKind): Feature {
  const config = kind.config === undefined ? '' : `, built with ${kind.config}`
  return {
    name: `program ${kind.type}`,
    ...(kind.type === 'SYSCALL' && { essential: true }),
    since: kind.since,
    remedy: `run Linux ${kind.since} or newer${config}`,
    probe: (machine) => probeKind(machine, kind),
  }
}

/** A call of `bpf_dynptr_from_…(packet, 0, dynptr)`, then of bpf_dynptr_size. `packet` sets r1. */
function dynptrFeature(type: ProgramType, kfunc: string, since: string, packet: string): Feature {
  const text = `
    ${packet}
    r2 = 0
    r3 = r10
    r3 += -16
    call kfunc ${kfunc}
    r1 = r10
    r1 += -16
    call kfunc bpf_dynptr_size
    r0 = 1
    exit`
  return {
    name: `kfunc ${kfunc} in ${type}`,
    since,
    remedy: `run Linux ${since} or newer`,
    probe: (machine) => loads(machine, text, { type }),
  }
}

export const PROGRAM_FEATURES: readonly Feature[] = [
  ...PROGRAM_KINDS.map(programFeature),
  // ctx->skb of struct bpf_nf_ctx
  dynptrFeature('NETFILTER', 'bpf_dynptr_from_skb', '6.12', 'r1 = *(u64 *)(r1 + 8)'),
  dynptrFeature('SCHED_CLS', 'bpf_dynptr_from_skb', '6.4', ''),
  dynptrFeature('XDP', 'bpf_dynptr_from_xdp', '6.4', ''),
]
