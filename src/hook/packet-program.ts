/**
 * What the main program of a hook does with a packet, as parts of the text of hook-program.ts: before the state's lock
 * is taken it looks at the packet's first bytes and asks `dissect` and `matchRules` whether the function is to be called;
 * during the call it fetches bytes into the window; after it, it carries back what was written, and turns the verdict
 * into what the kernel wants. r6 is the context, r7 the control block. On the stack:
 *
 *     -8    address of the claimed slot, 0: none
 *     -16   offset of the piece of the packet under way
 *     -24   its length
 *     -40   the dynptr (netfilter)
 *     -232  bytes of the packet on their way
 *     -240  when the call has begun, which r8 holds otherwise, while pieces are fetched
 */
import { COMMAND, CONTROL, PACKET, PACKET_INFO, RULE_ACTION, SLOT, SLOT_FLAG } from '../isa/layout.ts'
import type { Btf } from '../kernel/btf.ts'
import { enter, fieldOf, loadField, pointTo } from './program-parts.ts'
import type { PacketPath } from './subsystem.ts'

/** Name and bytes of the array through which pieces of the packet come: helpers don't write into arenas. */
export const TRANSFER = { name: 'transfer', bytes: 1024 } as const

/** What a script returns to send the packet out of a device: this, and the device's index; 0 is the packet's own. */
export const REDIRECT = 0x40000000
/** Verdicts below it. */
export const VERDICT = { drop: 0, accept: 1 } as const

/** What the kernel wants of a program that accepts the packet: NF_ACCEPT, TCX_NEXT, XDP_PASS. */
export const ACCEPTED: Readonly<Record<PacketPath, number>> = { netfilter: 1, tc: -1, xdp: 2 }

const FETCHED = -232
/** Where r8 is kept while its register is needed. */
const BEGUN = -240

/** r5 becomes a pointer to the claimed slot. */
const SLOT_TO_R5 = `
  r5 = *(u64 *)(r10 -8)
  r5 = addr_space_cast(r5, 0, 1)`

/** Parts of the program of one kind of hook. */
interface Path {
  /** Fills in the length (w8), the marks and devices of the packet; r5 points to the slot. */
  readonly describe: string
  /** Reads bytes of the packet: r2 its offset, r4 their number, r3 where to. */
  readonly read: string
  /** The same from r3 into the packet; '' where it can't be written. */
  readonly write: string
  /** Makes the packet as long as w2; 0 in r0, and the length is then in w8. */
  readonly resize: string
  /** Carries back what scripts changed in the block about the packet; r5 points to the slot. */
  readonly finish: string
  /** From the verdict in r8 to the program's result. */
  readonly exit: string
}

export interface PacketInput {
  readonly path: PacketPath
  /** Whether packets are about to leave by the device. */
  readonly leaves: boolean
  /** SLOT.START. */
  readonly start: number
  readonly control: number
  readonly record: number
}

/** The block about the packet at r5: from the field `name` of the struct to which `pointer` points. */
function info(field: number, pointer: string, struct: string, name: string, btf: Btf): string {
  return `${loadField('r1', pointer, struct, name, btf)}
  *(u32 *)(r5 +${SLOT.INFO + field}) = r1`
}

function netfilter(btf: Btf): Path {
  const device = (field: number, name: string) => `
  r1 = *(u64 *)(r6 +${fieldOf('bpf_nf_ctx', 'state', btf).offset})
  r1 = *(u64 *)(r1 +${fieldOf('nf_hook_state', name, btf).offset})${info(field, 'r1', 'net_device', 'ifindex', btf)}`
  return {
    describe: `${device(PACKET_INFO.IN_IFINDEX, 'in')}${device(PACKET_INFO.OUT_IFINDEX, 'out')}
  r3 = *(u64 *)(r6 +${fieldOf('bpf_nf_ctx', 'skb', btf).offset})${info(PACKET_INFO.MARK, 'r3', 'sk_buff', 'mark', btf)}${loadField('r8', 'r3', 'sk_buff', 'len', btf)}
  r1 = r3
  r2 = 0
  r3 = r10
  r3 += -40
  call kfunc bpf_dynptr_from_skb`,
    read: `
  r1 = r3
  r5 = r2
  r2 = r4
  r4 = r5
  r3 = r10
  r3 += -40
  r5 = 0
  call bpf_dynptr_read`,
    write: '',
    resize: '',
    finish: '',
    exit: `
  r0 = r8
  exit`,
  }
}

function tc(btf: Btf, leaves: boolean): Path {
  const { bitOffset } = fieldOf('sk_buff', 'ip_summed', btf)
  const field = (at: number, name: string) => info(at, 'r6', '__sk_buff', name, btf)
  return {
    describe: `${field(PACKET_INFO.MARK, 'mark')}${field(PACKET_INFO.IFINDEX, 'ifindex')}${field(PACKET_INFO.IN_IFINDEX, 'ingress_ifindex')}${leaves ? field(PACKET_INFO.OUT_IFINDEX, 'ifindex') : ''}${field(PACKET_INFO.VLAN, 'vlan_tci')}${loadField('r8', 'r6', '__sk_buff', 'len', btf)}
  r1 = r6
  call kfunc bpf_cast_to_kern_ctx
  r1 = *(u8 *)(r0 +${bitOffset >> 3})
  r1 >>= ${bitOffset & 7}
  r1 &= 3
  r2 = ${SLOT_FLAG.WRITABLE}
  if r1 != 3 goto complete
  r2 = ${SLOT_FLAG.WRITABLE | SLOT_FLAG.PARTIAL}
complete:${SLOT_TO_R5}
  *(u32 *)(r5 +${SLOT.FLAGS}) = r2`,
    read: `
  r1 = r6
  call bpf_skb_load_bytes`,
    // BPF_F_RECOMPUTE_CSUM, BPF_F_INVALIDATE_HASH
    write: `
  r1 = r6
  r5 = 3
  call bpf_skb_store_bytes`,
    resize: `
  r1 = r6
  r3 = 0
  call bpf_skb_change_tail${loadField('r8', 'r6', '__sk_buff', 'len', btf)}`,
    finish: `
  r1 = *(u32 *)(r5 +${SLOT.INFO + PACKET_INFO.MARK})
  *(u32 *)(r6 +${fieldOf('__sk_buff', 'mark', btf).offset}) = r1`,
    // TCX_DROP, TCX_NEXT, TC_ACT_REDIRECT
    exit: `
  if r8 >= ${REDIRECT} goto redirect
  r0 = 2
  if r8 == ${VERDICT.drop} goto leave
  r0 = -1
leave:
  exit
redirect:
  w8 -= ${REDIRECT}
  if w8 != 0 goto elsewhere
  r8 = *(u32 *)(r6 +${fieldOf('__sk_buff', 'ifindex', btf).offset})
elsewhere:
  r1 = r8
  r2 = 0
  call bpf_redirect
  exit`,
  }
}

function xdp(btf: Btf): Path {
  return {
    describe: `${info(PACKET_INFO.IFINDEX, 'r6', 'xdp_md', 'ingress_ifindex', btf)}
  *(u32 *)(r5 +${SLOT.INFO + PACKET_INFO.IN_IFINDEX}) = r1
  r1 = ${SLOT_FLAG.WRITABLE}
  *(u32 *)(r5 +${SLOT.FLAGS}) = r1
  r1 = r6
  call bpf_xdp_get_buff_len
  r8 = r0`,
    read: `
  r1 = r6
  call bpf_xdp_load_bytes`,
    write: `
  r1 = r6
  call bpf_xdp_store_bytes`,
    resize: `
  *(u64 *)(r10 -24) = r2
  r1 = r6
  call bpf_xdp_get_buff_len
  r2 = *(u64 *)(r10 -24)
  w2 -= w0
  r1 = r6
  call bpf_xdp_adjust_tail
  *(u64 *)(r10 -24) = r0
  r1 = r6
  call bpf_xdp_get_buff_len
  r8 = r0
  r0 = *(u64 *)(r10 -24)`,
    finish: '',
    // XDP_DROP, XDP_PASS, XDP_TX, XDP_REDIRECT
    exit: `
  if r8 >= ${REDIRECT} goto redirect
  r0 = 1
  if r8 == ${VERDICT.drop} goto leave
  r0 = 2
leave:
  exit
redirect:
  r0 = 3
  w8 -= ${REDIRECT}
  if w8 == 0 goto leave
  r1 = r8
  r2 = 0
  call bpf_redirect
  exit`,
  }
}

const PATHS: Readonly<Record<PacketPath, (btf: Btf, leaves: boolean) => Path>> = { netfilter, tc, xdp }

/** Copies `bytes` bytes from an offset of one pointer to that of another, by way of r1. */
function copy(from: string, fromOffset: number, to: string, toOffset: number, bytes: number): string {
  return Array.from(
    { length: bytes / 8 },
    (_, i) => `
  r1 = *(u64 *)(${from} ${signed(fromOffset + 8 * i)})
  *(u64 *)(${to} ${signed(toOffset + 8 * i)}) = r1`,
  ).join('')
}

function signed(offset: number): string {
  return offset < 0 ? String(offset) : `+${offset}`
}

/** Claims a slot, fills it in and looks for a rule; r9 is the number of the CPU, and 1. Goes on if it says CALL. */
function look({ start, control, record }: PacketInput, path: Path): string {
  const slots = control + CONTROL.SLOTS
  return `
  r8 = r9
  r8 += -1
  r8 &= ${SLOT.COUNT - 1}
  r8 *= ${SLOT.BYTES}
  r8 += ${slots}
claim:
  r5 = addr_space_cast(r8, 0, 1)
  r0 = 0
  r2 = 1
  r0 = atomic64_cmpxchg((u64 *)(r5 +${SLOT.LOCK}), r0, r2)
  if r0 == 0 goto claimed
  may_goto contended
  w8 += ${SLOT.BYTES}
  if w8 < ${slots + SLOT.COUNT * SLOT.BYTES} goto claim
  r8 = ${slots}
  goto claim
claimed:
  *(u64 *)(r10 -8) = r8
  r1 = 0
  *(u32 *)(r5 +${SLOT.FLAGS}) = r1
${[0, 8, 16, 24].map((at) => `  *(u64 *)(r5 +${SLOT.INFO + at}) = r1`).join('\n')}${path.describe}${SLOT_TO_R5}
  *(u32 *)(r5 +${SLOT.LENGTH}) = r8
  if r8 <= ${SLOT.HEAD_BYTES} goto short
  r8 = ${SLOT.HEAD_BYTES}
short:
  if r8 == 0 goto accept
  r2 = 0
  r3 = r10
  r3 += ${FETCHED}
  r4 = r8${path.read}
  if r0 != 0 goto accept${SLOT_TO_R5}
  *(u32 *)(r5 +${SLOT.KNOWN}) = r8
  r1 = ${start}
  *(u32 *)(r5 +${SLOT.START}) = r1${copy('r10', FETCHED, 'r5', SLOT.HEAD, SLOT.HEAD_BYTES)}
  r1 = *(u64 *)(r10 -8)
  r2 = 0
  r3 = 0
  r4 = 0
  r5 = 0
  call function dissect
  r1 = ${record}
  r2 = *(u64 *)(r10 -8)
  r3 = 0
  r4 = 0
  r5 = 0
  call function matchRules
  if w0 == ${RULE_ACTION.CALL} goto call
  r8 = ${VERDICT.drop}
  if w0 == ${RULE_ACTION.BLOCK} goto verdict
accept:
  r8 = ${VERDICT.accept}
  goto verdict
call:`
}

/** Fetches what the VM asks for into the window, and runs it again. */
function fetch({ control }: PacketInput, path: Path): string {
  const packet = control + CONTROL.PACKET
  const resize =
    path.resize &&
    `
  r2 = *(u32 *)(r1 +${PACKET.RESIZE})
  if w2 s<= 0 goto fetch${path.resize}${pointTo('r1', packet)}
  *(u32 *)(r1 +${PACKET.ACTUAL}) = r8
  r2 = -2
  if r0 == 0 goto resized
  r2 = -1
resized:
  *(u32 *)(r1 +${PACKET.RESIZE}) = r2
  goto fetched`
  return `
window:
  *(u64 *)(r10 ${BEGUN}) = r8${pointTo('r1', packet)}${resize}
fetch:
  may_goto stuck
  r2 = *(u32 *)(r1 +${PACKET.FROM})
  r4 = *(u32 *)(r1 +${PACKET.UNTIL})
  if w2 >= w4 goto fetched
  w4 -= w2
  if w4 <= ${TRANSFER.bytes} goto piece
  w4 = ${TRANSFER.bytes}
piece:
  if w4 == 0 goto fetched
  w3 = w2
  w3 += w4
  *(u32 *)(r1 +${PACKET.FROM}) = r3
  *(u64 *)(r10 -16) = r2
  *(u64 *)(r10 -24) = r4
  r3 = value ${TRANSFER.name}+0 ll${path.read}
  r8 = *(u64 *)(r10 -16)
  w8 += ${control + CONTROL.WINDOW}
  r3 = *(u64 *)(r10 -24)
  r4 = 0
copy:
  may_goto stuck
  r2 = value ${TRANSFER.name}+0 ll
  r2 += r4
  r5 = addr_space_cast(r8, 0, 1)${copy('r2', 0, 'r5', 0, PACKET.CHUNK)}
  w8 += ${PACKET.CHUNK}
  r4 += ${PACKET.CHUNK}
  if r4 >= r3 goto copied
  r4 &= ${TRANSFER.bytes - PACKET.CHUNK}
  goto copy
copied:${pointTo('r1', packet)}
  goto fetch
fetched:
  r8 = *(u64 *)(r10 ${BEGUN})
  goto run`
}

/**
 * Carries back what the script wrote, and the length, unless the packet is dropped; r8 is the verdict. Where the length
 * can't be changed, the default verdict holds.
 */
function carryBack({ control }: PacketInput, path: Path): string {
  if (path.write === '') return ''
  return `
  if r8 == ${VERDICT.drop} goto unlock${SLOT_TO_R5}${path.finish}${pointTo('r1', control + CONTROL.PACKET)}
  r2 = *(u32 *)(r1 +${PACKET.LENGTH})
  r3 = *(u32 *)(r1 +${PACKET.ACTUAL})
  if w2 == w3 goto written
  *(u64 *)(r10 -16) = r8${path.resize}
  r8 = *(u64 *)(r10 -16)
  if r0 == 0 goto written
  r8 = -1
  goto unlock
written:
  may_goto unlock${enter(COMMAND.PACKET_DIRTY)}
  if w0 == -1 goto unlock
  *(u64 *)(r10 -16) = r0
  w0 += ${control + CONTROL.WINDOW}
  r5 = addr_space_cast(r0, 0, 1)${copy('r5', 0, 'r10', FETCHED, PACKET.CHUNK)}${pointTo('r1', control + CONTROL.PACKET)}
  r4 = *(u32 *)(r1 +${PACKET.LENGTH})
  r2 = *(u64 *)(r10 -16)
  if w4 <= w2 goto written
  w4 -= w2
  if w4 <= ${PACKET.CHUNK} goto last
  w4 = ${PACKET.CHUNK}
last:
  if w4 == 0 goto written
  r3 = r10
  r3 += ${FETCHED}${path.write}
  goto written`
}

/** Gives the slot back. */
const release = `
  r1 = *(u64 *)(r10 -8)
  if r1 == 0 goto released
  r1 = addr_space_cast(r1, 0, 1)
  r2 = 0
  *(u64 *)(r1 +${SLOT.LOCK}) = r2
released:`

/** The parts of a main program that deal with the packet. */
export function packetParts(input: PacketInput, btf: Btf) {
  const path = PATHS[input.path](btf, input.leaves)
  return {
    look: look(input, path),
    begin: `${pointTo('r5', input.control + CONTROL.WINDOW)}${copy('r10', FETCHED, 'r5', 0, SLOT.HEAD_BYTES)}${enter(COMMAND.PACKET, `r2 = ${input.record}`, 'r3 = *(u64 *)(r10 -8)')}`,
    fetch: fetch(input, path),
    carryBack: carryBack(input, path),
    exit: `${release}${path.exit}`,
  }
}
