/** Slots of the control block, which a state's attachments fill in: the same for hooks in the kernel and in user space. */
import { callLimits } from '../hook/limits.ts'
import {
  type Hook,
  type KernelFunction,
  type LibraryFunction,
  type Subsystem,
  verdictNumber,
} from '../hook/subsystem.ts'
import { HOOK, HOOK_STATUS, LIMITS, PACKET_INFO, REGISTRY } from '../isa/layout.ts'
import type { Rule } from '../packet/rule-record.ts'
import { StateError } from '../state/errors.ts'
import { internalsOf, type State } from '../state/state.ts'
import { ControlBlock, type HookRecord } from './control-block.ts'
import { priorityFor } from './kernel-target.ts'
import type { AttachOptions } from './named-state.ts'

/** One memory of a state. */
export interface Memory {
  readonly state: State
  readonly control: ControlBlock
}

/** HOOK.ON_…: what the function returns is no verdict. */
const NONE = -0x80000000

/**
 * Fills in the record of a free slot, the same in all memories of a state, which are locked.
 * @throws StateError `BAD_OPTION`, OutOfMemory
 */
export function reserveSlot(
  memories: readonly Memory[],
  hook: Hook,
  options: AttachOptions,
  rules: readonly Rule[] = [],
): number {
  const [first] = memories as readonly [Memory]
  const action = `Cannot attach to ${hook.name}`
  if (!ControlBlock.fitsTarget(targetText(options)))
    throw new StateError('BAD_OPTION', `${action}: what it is attached to takes too many words`)
  const slot = first.control.hooks(HOOK_STATUS.FREE)[0]?.slot
  if (slot === undefined)
    throw new StateError('BAD_OPTION', `${action}: the state has ${HOOK.COUNT} hooks already`)
  for (const memory of memories) fillRecord(memory, memory.control.hook(slot), hook, options, rules)
  return slot
}

/** What a hook is attached to, as people read it. */
export function targetText({ target, netns, priority, match, rules }: AttachOptions): string {
  const words = [
    target,
    netns && `netns ${netns}`,
    priority && `priority ${priority}`,
    ...Object.entries(match ?? {}).flat(),
    rules && 'rules',
  ]
  return words.filter((word) => word).join(' ')
}

function fillRecord(
  { control, state }: Memory,
  record: HookRecord,
  hook: Hook,
  options: AttachOptions,
  rules: readonly Rule[],
): void {
  const { verdicts } = hook
  const { address } = record
  const failure = options.default ?? verdicts.onFailure
  const numberOf = (verdict: string | undefined) =>
    verdict === undefined ? NONE : (verdicts.named[verdict] as number)
  const onFailure = verdictNumber(hook, failure)
  const key = internalsOf(state).key(functionName(hook, options))
  control.nameHook(record, hook.name, targetText(options), failure)
  control.setWord(address + HOOK.FUNCTION, key)
  control.setWord(address + HOOK.ON_TRUE, numberOf(verdicts.onTrue))
  control.setWord(address + HOOK.ON_FALSE, numberOf(verdicts.onFalse))
  control.setWord(address + HOOK.ON_NIL, numberOf(verdicts.onNil))
  control.setWord(address + HOOK.ON_FAILURE, onFailure)
  const [least, most] = verdicts.integers ?? [0, -1]
  control.setWord(address + HOOK.LEAST, least)
  control.setWord(address + HOOK.MOST, most)
  control.setLimits(record, callLimits(hook, control.asked))
  control.setRules(record, rules)
  if (rules.length > 0) internalsOf(state).setRegistry(REGISTRY.PACKET_INFO, PACKET_FIELDS)
  control.setWord(address + HOOK.PRIORITY, priorityFor(hook, options))
  control.setWord(address + HOOK.STATUS, HOOK_STATUS.RESERVED)
}

/** Layout of the block about a packet: fields of 32 bits, little-endian, as vm/assembly/lib/data-field.ts has them. */
const PACKET_FIELDS = Object.fromEntries(
  Object.entries(PACKET_INFO)
    .filter(([name]) => name !== 'BYTES')
    .map(([name, offset]) => [name.toLowerCase(), (6n << 59n) | BigInt(offset)]),
)

/** Says where packets are looked at: the inode of a network namespace, and the index of a device. */
export function setPlace(control: ControlBlock, slot: number, namespace: number, device: number): void {
  const { address } = control.hook(slot)
  control.setWord(address + HOOK.PLACE, namespace | 0)
  control.setWord(address + HOOK.PLACE + 4, device)
}

export function setStatus(control: ControlBlock, slot: number, status: number): void {
  control.setWord(control.hook(slot).address + HOOK.STATUS, status)
}

/** @throws StateError `BAD_OPTION` if the function that is to be called isn't there, unless it may come later */
export function requireFunction(state: State, hook: Hook, options: AttachOptions): void {
  const name = functionName(hook, options)
  if (options.later || state.has(name)) return
  throw new StateError(
    'BAD_OPTION',
    `Cannot attach to ${hook.name}: the state has no function '${name}'`,
    'load a script that has it, name another one with --call, or say --later',
  )
}

/** The global function that is to be called. @throws StateError `BAD_OPTION` if it can't have that name */
function functionName(hook: Hook, options: AttachOptions): string {
  const name = options.function ?? hook.function
  const refuse = (reason: string) => new StateError('BAD_OPTION', `Cannot call '${name}': ${reason}`)
  if (!/^[A-Za-z_]\w*$/.test(name)) throw refuse('it is no name of a global function')
  if (name.length > LIMITS.SHORT_STRING) throw refuse(`it is longer than ${LIMITS.SHORT_STRING} bytes`)
  return name
}

/** Takes back what a subsystem has given to scripts for an attachment that didn't come about: all but what was there. */
export function withdrawLibraries({ state, control }: Memory, had: readonly string[]): void {
  if (control.broken) return
  for (const name of control.libraries) if (!had.includes(name)) state.setGlobal(name, null)
  control.libraries = had
}

/** Makes the functions of a subsystem known to scripts; those that hooks in the kernel serve, by their numbers. */
export function grantLibraries(
  { state, control }: Memory,
  subsystem: Subsystem,
): Map<number, KernelFunction> {
  const served = new Map<number, KernelFunction>()
  for (const { name, functions } of subsystem.libraries) {
    const hosts = Object.entries(functions).map(([key, { user }]) => [key, user] as const)
    const numbers = internalsOf(state).grant(name, Object.fromEntries(hosts))
    for (const [key, number] of numbers) {
      const { kernel } = functions[key] as LibraryFunction
      if (kernel !== undefined) served.set(number, kernel)
    }
    if (!control.libraries.includes(name)) control.libraries = [...control.libraries, name]
  }
  return served
}
