/**
 * Attaches states to hooks in the kernel, and detaches them. Everything is made and pinned before the hook is made
 * visible by its link; what a process that was killed half-way has left is removed by the next one that opens the state.
 */
import { assemble } from '../ebpf/assemble.ts'
import { hookProgram } from '../hook/hook-program.ts'
import { ACCEPTED, TRANSFER } from '../hook/packet-program.ts'
import type { KernelHook, Subsystem } from '../hook/subsystem.ts'
import { HOOK, HOOK_STATUS } from '../isa/layout.ts'
import { type LoadOptions, loadProgram } from '../kernel/load-program.ts'
import { arrayKey, createMap } from '../kernel/map.ts'
import { findDevice, inNetworkNamespace, ownNamespace } from '../kernel/network.ts'
import { pin } from '../kernel/pin.ts'
import type { Program } from '../kernel/program.ts'
import { type DeviceIndex, type Match, type MatchOptions, parseMatch } from '../packet/match.ts'
import type { Rule } from '../packet/rule-record.ts'
import { StateError } from '../state/errors.ts'
import { withPackets, withVm } from '../state/kernel-engine.ts'
import { checkAttachOptions } from './attach-options.ts'
import { goneAttachments } from './gone.ts'
import {
  grantLibraries,
  requireFunction,
  reserveSlot,
  setPlace,
  setStatus,
  targetText,
  withdrawLibraries,
} from './hook-slot.ts'
import type { At, KernelFolder } from './kernel-folder.ts'
import type { FindHook } from './kernel-states.ts'
import { openTarget, type Target } from './kernel-target.ts'
import type { AttachOptions } from './named-state.ts'
import type { Replica } from './replica.ts'
import { rulesOf } from './rules-table.ts'

/** @throws StateError, NotPermitted, NotAvailable, VerifierError, KernelError; nothing stays attached then */
export function attachKernelHook(
  folder: KernelFolder,
  name: string,
  replicas: readonly Replica[],
  { hook, subsystem }: ReturnType<FindHook>,
  options: AttachOptions,
): void {
  if (hook.where !== 'kernel')
    throw new StateError(
      'BAD_OPTION',
      `Cannot attach '${name}' to ${hook.name}: that is called in user space, and the state lives in the kernel`,
      'make a state without --kernel',
    )
  const checked = checkAttachOptions(hook, options)
  inNetworkNamespace(options.netns, () => {
    const rules = rulesFor(hook, checked, replicas)
    const target = openTarget(hook, checked)
    try {
      attachTo(target, folder, name, replicas, { hook, subsystem }, checked, rules)
    } finally {
      target.close()
    }
  })
}

function attachTo(
  target: Target,
  folder: KernelFolder,
  name: string,
  replicas: readonly Replica[],
  { hook, subsystem }: { readonly hook: KernelHook; readonly subsystem: Subsystem },
  options: AttachOptions,
  rules: readonly Rule[],
): void {
  freeGone(folder, name, replicas, hook, options)
  const slot = reserveLocked(replicas, hook, options, rules)
  const had = replicas.map(({ control }) => control.libraries)
  const programs: Program[] = []
  try {
    for (const { control } of replicas)
      setPlace(control, slot, hook.target === 'cgroup' ? 0 : ownNamespace(), target.device)
    for (const replica of replicas) programs.push(loadHook(replica, hook, subsystem, slot, target))
    makeVisible(folder, name, programs, hook, slot, target)
    for (const { control } of replicas) setStatus(control, slot, HOOK_STATUS.ACTIVE)
  } catch (error) {
    freeSlot(folder, name, replicas, slot)
    for (const [i, replica] of replicas.entries()) withdrawLibraries(replica, had[i] as string[])
    throw error
  } finally {
    for (const program of programs) program.close()
  }
}

/** Which packets the function is called for. @throws StateError `BAD_OPTION`, PacketError, KernelError */
function rulesFor(hook: KernelHook, { match, rules }: AttachOptions, [first]: readonly Replica[]): Rule[] {
  const deviceIndex = (device: string) => findDevice(device).index
  if (hook.packet !== undefined) {
    if (!rules) return [{ match: matchFor(hook, match ?? {}, deviceIndex), action: 'CALL' }]
    if (match !== undefined)
      throw new StateError('BAD_OPTION', 'Cannot attach with rules and match options: rules have their own')
    return rulesOf((first as Replica).state.getGlobal('rules'), deviceIndex)
  }
  return []
}

/** @throws PacketError, and StateError for a match that could never hold */
function matchFor(hook: KernelHook, options: MatchOptions, deviceIndex: DeviceIndex): Match {
  const match = parseMatch(options, deviceIndex)
  if (hook.packet !== 'netfilter' || IP_TYPES.includes(match.etherType ?? 0)) return match
  throw new StateError(
    'BAD_OPTION',
    `Cannot attach to ${hook.name}: it gets no packets of the EtherType '${options.ethertype}', only IPv4 and IPv6`,
    'attach to tc/ingress, tc/egress or xdp',
  )
}

/** EtherTypes of match options that packets of netfilter have: anything, IP, IPv4, IPv6. */
const IP_TYPES = [-1, 0, 0x0800, 0x86dd]

/** Reserves a slot while nobody else can use the replicas. */
function reserveLocked(
  replicas: readonly Replica[],
  hook: KernelHook,
  options: AttachOptions,
  rules: readonly Rule[],
): number {
  for (const { state } of replicas) state.lock()
  try {
    if (hook.packet === undefined || rules.some(({ action }) => action === 'CALL'))
      for (const { state } of replicas) requireFunction(state, hook, options)
    return reserveSlot(replicas, hook, options, rules)
  } finally {
    for (const { state } of replicas) state.unlock()
  }
}

/** The program of a hook for one replica. */
function loadHook(
  replica: Replica,
  hook: KernelHook,
  subsystem: Subsystem,
  slot: number,
  { start, programName }: Target,
): Program {
  const { arena, control } = replica
  const record = control.hook(slot).address
  const spec = hookProgram({
    hook,
    control: control.address,
    record,
    functions: grantLibraries(replica, subsystem),
    onFailure: control.word(record + HOOK.ON_FAILURE),
    start,
  })
  const { program: type, attachType } = hook
  const whole = hook.packet === undefined ? withVm(spec) : withPackets(spec)
  const load = (maps: NonNullable<LoadOptions['maps']>) =>
    loadProgram(whole, { type, attachType, maps, ...(programName && { name: programName }) })
  if (hook.packet === undefined) return load({ memory: arena })
  using transfer = createMap({
    kind: 'array',
    name: TRANSFER.name,
    valueSize: TRANSFER.bytes,
    maxEntries: 1,
  })
  return load({ memory: arena, [TRANSFER.name]: transfer })
}

/** Pins the programs, and then the link that attaches them: with several, a program that goes on with its CPU's. */
function makeVisible(
  folder: KernelFolder,
  name: string,
  programs: readonly Program[],
  hook: KernelHook,
  slot: number,
  target: Target,
): void {
  folder.within(name, (path) => pinAll(path, programs, hook, slot, target))
}

function pinAll(
  path: At,
  programs: readonly Program[],
  hook: KernelHook,
  slot: number,
  target: Target,
): void {
  using attached =
    programs.length === 1 ? (programs[0] as Program) : dispatcher(path, programs, hook, slot, target)
  pin(attached, path(`program-${slot}`))
  const links = target.link(attached)
  try {
    // the first one at last: it stands for all
    for (const [i, link] of [...links.entries()].reverse())
      pin(link, path(i === 0 ? `link-${slot}` : `link-${slot}-${i}`))
  } finally {
    for (const link of links) link.close()
  }
}

/** Frees attachments that call no more: those which this one takes the place of, or all if no slot is free. */
function freeGone(
  folder: KernelFolder,
  name: string,
  replicas: readonly Replica[],
  hook: KernelHook,
  options: AttachOptions,
): void {
  const [{ control }] = replicas as readonly [Replica]
  const isFull = control.hooks(HOOK_STATUS.FREE).length === 0
  const text = targetText(options)
  for (const slot of goneAttachments(folder, name, control).keys()) {
    const record = control.hook(slot)
    const isSame = control.nameOf(record) === hook.name && control.targetOf(record) === text
    if (isSame || isFull) freeSlot(folder, name, replicas, slot)
  }
}

/** A program that goes on with that of its CPU. */
function dispatcher(
  path: At,
  programs: readonly Program[],
  { program: type, attachType, verdicts, packet }: KernelHook,
  slot: number,
  { programName }: Target,
): Program {
  using array = createMap({ kind: 'program-array', name: 'programs', maxEntries: programs.length })
  for (const [cpu, program] of programs.entries()) {
    array.update(arrayKey(cpu), arrayKey(program.fd))
    pin(program, path(`program-${slot}-${cpu}`))
  }
  pin(array, path(`programs-${slot}`))
  const spec = assemble(`
static func moonring_cpu(ctx)
  r6 = r1
  call bpf_get_smp_processor_id
  r3 = r0
  r2 = map programs ll
  r1 = r6
  call bpf_tail_call
  r0 = ${packet ? ACCEPTED[packet] : verdicts.named[verdicts.onFailure]}
  exit`)
  return loadProgram(spec, {
    type,
    attachType,
    maps: { programs: array },
    ...(programName && { name: programName }),
  })
}

/** Ends the attachment of a slot: removes what it has in the kernel, and frees it. */
export function freeSlot(
  folder: KernelFolder,
  name: string,
  replicas: readonly Replica[],
  slot: number,
): void {
  const own = new RegExp(`^(link|program|programs)-${slot}(-\\d+)?$`)
  const pins = folder.pins(name).filter((pinName) => own.test(pinName))
  // sorted: the link goes first, and with it the attachment
  for (const pinName of pins) folder.unpin(name, pinName)
  for (const { control } of replicas) setStatus(control, slot, HOOK_STATUS.FREE)
}

/** Slots of attachments that were never finished, or not removed to the end; or are being made or removed now. */
export function unfinishedSlots(
  folder: KernelFolder,
  name: string,
  replicas: readonly Replica[],
): { readonly slot: number; readonly attached: boolean }[] {
  const pins = folder.pins(name)
  return Array.from({ length: HOOK.COUNT }, (_, slot) => slot).flatMap((slot) => {
    const statuses = replicas.map(({ control }) => control.word(control.hook(slot).address + HOOK.STATUS))
    if (statuses.every((status) => status === HOOK_STATUS.FREE)) return []
    const attached = pins.includes(`link-${slot}`)
    return attached && statuses.every((status) => status === HOOK_STATUS.ACTIVE) ? [] : [{ slot, attached }]
  })
}

/** Finishes, or else removes, what processes that have died left unfinished. */
export function recoverSlots(folder: KernelFolder, name: string, replicas: readonly Replica[]): void {
  for (const { slot, attached } of unfinishedSlots(folder, name, replicas))
    if (!attached) freeSlot(folder, name, replicas, slot)
    else for (const { control } of replicas) setStatus(control, slot, HOOK_STATUS.ACTIVE)
}
