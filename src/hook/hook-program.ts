/**
 * The main program of a hook in the kernel, from its declaration: it takes the state's lock, hands the context's
 * fields to the VM, runs it to the end of the call, serves the library functions that only it can serve, and returns
 * the verdict. The VM, its other part, is the same for all hooks.
 */
import { assemble } from '../ebpf/assemble.ts'
import type { ProgramSpec } from '../ebpf/program-spec.ts'
import { COMMAND, CONTROL, G, HOOK, HOOK_ARGUMENTS, MEMORY, STOP } from '../isa/layout.ts'
import type { Btf } from '../kernel/btf.ts'
import { kernelBtf } from '../kernel/kernel-btf.ts'
import { packetParts } from './packet-program.ts'
import { enter, fieldOf, loadField, pointTo } from './program-parts.ts'
import type { KernelFunction, KernelHook } from './subsystem.ts'

export interface HookProgramInput {
  readonly hook: KernelHook
  /** Addresses of the control block and of the hook's part in it. */
  readonly control: number
  readonly record: number
  /** Functions that it serves, by the numbers that they have in the state. */
  readonly functions: ReadonlyMap<number, KernelFunction>
  /** The verdict's number where there is no other. */
  readonly onFailure: number
  /** Of hooks for packets: SLOT.START. */
  readonly start?: number
}

/** Counts what didn't reach the VM, and goes to the default verdict. */
function fallback(label: string, record: number, counter: number): string {
  return `
${label}:${pointTo('r1', record + counter)}
  r2 = 1
  lock *(u64 *)(r1 +0) += r2
  goto default`
}

/** Puts fields of the context into the control block, to which r7 points; r3 becomes what COMMAND.HOOK takes as their number. */
function takeArguments(hook: KernelHook, btf: Btf): string {
  const count = `
  r3 = ${hook.arguments.length}`
  return hook.arguments.reduce<string>((text, argument, i) => {
    const { field, network } = typeof argument === 'string' ? { field: argument, network: 0 } : argument
    if (network === 128) return text + takeAddress(hook.context, field, btf)
    const turned = network === 0 ? '' : `\n  r1 = be${network} r1`
    return `${text}${loadField('r1', 'r6', hook.context, field, btf)}${turned}
  *(u64 *)(r7 +${CONTROL.ARGUMENTS + 8 * i}) = r1`
  }, count)
}

/** The same with an address of IPv6, the first argument: its 16 bytes, or the IPv4 address that it stands for. */
function takeAddress(context: string, field: string, btf: Btf): string {
  const { offset } = fieldOf(context, field, btf)
  const words = [0, 4, 8, 12].map(
    (at) => `
  r1 = *(u32 *)(r6 +${offset + at})
  *(u32 *)(r7 +${CONTROL.ADDRESS + at}) = r1`,
  )
  // the words of ::ffff:0:0/96, as be32 makes them
  const prefix = [0, 0, 0xffff].map(
    (word, i) => `
  r1 = *(u32 *)(r7 +${CONTROL.ADDRESS + 4 * i})
  r1 = be32 r1
  if r1 != ${word} goto whole`,
  )
  return `${words.join('')}
  r3 |= ${HOOK_ARGUMENTS.ADDRESS}${prefix.join('')}
  r3 ^= ${HOOK_ARGUMENTS.ADDRESS}
  r1 = *(u32 *)(r7 +${CONTROL.ADDRESS + 12})
  r1 = be32 r1
  *(u64 *)(r7 +${CONTROL.ARGUMENTS}) = r1
whole:`
}

/** The code of a library function: `@field` stands for the offset of a field of the context. */
function codeOf({ code }: KernelFunction, { context }: KernelHook, btf: Btf): string {
  return code.replace(/@(\w+)/g, (_, field: string) => String(fieldOf(context, field, btf).offset))
}

/** Serves a library function, and goes on with the script. */
function serve(number: number, { parameters, text }: KernelFunction, code: string): string {
  const load = Array.from(
    { length: parameters },
    (_, i) => `
  r${i + 1} = *(u64 *)(r7 +${CONTROL.ARGUMENTS + 8 * i})`,
  ).join('')
  const head = `
serve_${number}:${load}
${code}`
  if (text === undefined)
    return `${head}
  *(u64 *)(r7 +${CONTROL.ARGUMENTS}) = r0${enter(COMMAND.HOOK_ANSWER, 'r2 = 1')}
  goto run`
  const copy = Array.from(
    { length: text / 8 },
    (_, i) => `
  r1 = *(u64 *)(r10 -${text - 8 * i})
  *(u64 *)(r4 +${8 * i}) = r1`,
  ).join('')
  return `${head}
  if r0 s> ${text} goto refuse
  if r0 s< 0 goto nothing_${number}${pointTo('r4', MEMORY.MAILBOX)}${copy}
nothing_${number}:${enter(COMMAND.HOOK_TEXT, 'r2 = r0')}
  goto run`
}

/** Which calls are timed: reading the clock costs as much as a short function. All at first, then one of so many. */
const TIMED = { all: 64, every: 16 } as const

/** Sets the time of what is logged from now on. */
const NOW = `
  call bpf_ktime_get_boot_ns
  *(u64 *)(r7 +${CONTROL.TIME}) = r0`

/**
 * The call has stopped between two instructions: sets the time, and takes the call's fuel away once its deadline is over.
 * r9 is when that is, 0 if the clock has not been read in this call: then the time begins now, or at r8 where the call
 * is timed. Short calls never come here.
 */
function checkDeadline(record: number): string {
  return `${NOW}
  if r9 != 0 goto begun
  r9 = r8
  if r9 != 0 goto counted
  r9 = r0
counted:${pointTo('r1', record + HOOK.TIME_LIMIT)}
  r1 = *(u64 *)(r1 +0)
  r9 += r1
begun:
  if r0 <= r9 goto within
  r9 = -1${enter(COMMAND.EXPIRE)}
within:${pointTo('r1', G.REASON)}
  r0 = *(u32 *)(r1 +0)`
}

/** What differs between hooks that call with fields of the context, and those that do with a packet. */
function partsOf({ hook, control, record, start = 0 }: HookProgramInput, btf: Btf) {
  const { packet: path, attachType } = hook
  if (path !== undefined)
    return packetParts({ path, leaves: attachType === 'TCX_EGRESS', start, control, record }, btf)
  return {
    look: '',
    begin: `${takeArguments(hook, btf)}${enter(COMMAND.HOOK, `r2 = ${record}`, '')}`,
    fetch: '',
    carryBack: '',
    exit: `
  r0 = ${onlyVerdict(hook) ?? 'r8'}
  exit`,
  }
}

/** The verdict of hooks that have just one: the kernel may take no other number from them. */
function onlyVerdict({ verdicts }: KernelHook): number | undefined {
  const [first, ...others] = Object.values(verdicts.named)
  return others.length === 0 ? first : undefined
}

/** The text of the program, for `assemble`. */
export function hookProgramText(input: HookProgramInput, btf: Btf = kernelBtf()): string {
  const { hook, control, record, functions, onFailure } = input
  const parts = partsOf(input, btf)
  const dispatch = [...functions.keys()]
    .map((number) => `\n  if w0 == ${number} goto serve_${number}`)
    .join('')
  return `
static func moonring(ctx)
  r6 = r1
  r0 = map memory ll
  r1 = 0
  *(u64 *)(r10 -8) = r1
  call bpf_get_smp_processor_id
  r9 = r0
  r9 += 1${pointTo('r1', MEMORY.TRAP)}
  r1 = *(u32 *)(r1 +0)
  if r1 != 0 goto broken${pointTo('r7', control)}${parts.look}
  r8 = 0
  r0 = 0
  r0 = atomic64_cmpxchg((u64 *)(r7 +${CONTROL.LOCK}), r0, r9)
  if r0 != 0 goto busy
locked:${pointTo('r1', record)}
  r1 = *(u64 *)(r1 +${HOOK.CALLS})
  if r8 != 0 goto begin
  if r1 < ${TIMED.all} goto clock
  r1 &= ${TIMED.every - 1}
  if r1 != 0 goto begin
clock:
  call bpf_ktime_get_boot_ns
  r8 = r0
begin:
  r9 = 0
  *(u64 *)(r7 +${CONTROL.TIME}) = r8${parts.begin}
again:
  may_goto stuck
  if w0 == ${STOP.FUEL} goto pause
  if w0 != ${STOP.REQUEST} goto ended
pause:${checkDeadline(record)}
  if w0 == ${STOP.FUEL} goto ${parts.fetch ? 'window' : 'run'}${enter(COMMAND.HOOK_REQUEST)}
  if w0 == -1 goto run${dispatch}
refuse:${enter(COMMAND.HOOK_REFUSE)}
run:${enter(COMMAND.RUN)}
  goto again
ended:
  if r8 != 0 goto timed
  r3 = -1
  if w0 == ${STOP.DONE} goto end
time:${NOW}
  r3 = -1
  goto end
timed:
  call bpf_ktime_get_boot_ns
  r3 = r0
  r3 -= r8
  if r3 < 0x7fffffff goto end
  r3 = 0x7fffffff
end:${enter(COMMAND.HOOK_END, `r2 = ${record}`, '')}
  may_goto stuck
  if w0 == -1 goto time
  r8 = r0${parts.carryBack}
unlock:
  r1 = 0
  r1 = atomic64_xchg((u64 *)(r7 +${CONTROL.LOCK}), r1)${pointTo('r1', MEMORY.TRAP)}
  r1 = *(u32 *)(r1 +0)
  if r1 != 0 goto broken
  if r8 > ${hook.greatest} goto default
verdict:${parts.exit}
stuck:
  r8 = 0 ; loops count in it, see "Loops in main programs" in docs/design/translator.md${pointTo('r1', MEMORY.TRAP)}
  *(u32 *)(r1 +0) = 1
  goto unlock
busy:
  if r0 == r9 goto interrupted
  may_goto contended
  call bpf_ktime_get_boot_ns
  if r8 != 0 goto waiting
  r8 = r0
waiting:
  r0 -= r8${pointTo('r1', record + HOOK.WAIT)}
  r1 = *(u32 *)(r1 +0)
  if r0 > r1 goto contended
  r0 = 0
  r0 = atomic64_cmpxchg((u64 *)(r7 +${CONTROL.LOCK}), r0, r9)
  if r0 != 0 goto busy
  goto locked${[...functions].map(([number, f]) => serve(number, f, codeOf(f, hook, btf))).join('')}${parts.fetch}${fallback('contended', record, HOOK.CONTENDED)}${fallback('interrupted', record, HOOK.INTERRUPTED)}${fallback('broken', record, HOOK.BROKEN)}
default:${pointTo('r1', record + HOOK.ON_FAILURE)}
  r8 = *(u32 *)(r1 +0)
  if r8 <= ${hook.greatest} goto verdict
  r8 = ${onFailure}
  goto verdict
`
}

/** The program without the VM, to be linked with it. */
export function hookProgram(input: HookProgramInput): ProgramSpec {
  return assemble(hookProgramText(input))
}
