/**
 * What bounds a call by a hook: instructions, time, and how long it waits for the state. Each kind of hook has values of
 * its own and ceilings: what runs with interrupts off, or holds up every packet, gets less than what holds up one process.
 */
import { StateError } from '../state/errors.ts'
import type { Hook } from './subsystem.ts'

/** A limit: what holds unless the state's maker says otherwise, and the ceiling of what may be said. */
export interface Limit {
  readonly usual: number
  readonly most: number
}

export interface HookLimits {
  /** Instructions that a call may execute. */
  readonly fuel: Limit
  /** Nanoseconds that a call may take. The clock is read between slices: a call ends at most one slice later. */
  readonly deadline: Limit
  /** Nanoseconds for which a call waits while somebody else uses the state; then it takes its default verdict. */
  readonly wait: number
}

const MS = 1e6

/** Hooks that run between interrupts: whatever else the processor has to do waits for them. */
export const SOFTIRQ: HookLimits = {
  fuel: { usual: 100_000, most: 1_000_000 },
  deadline: { usual: 10 * MS, most: 20 * MS },
  // longer than a process needs to evaluate a line
  wait: 100_000,
}

/** Hooks that run in a process: that one waits for them. */
export const PROCESS: HookLimits = {
  fuel: { usual: 100_000, most: 10_000_000 },
  deadline: { usual: 50 * MS, most: 100 * MS },
  wait: 1 * MS,
}

/** Hooks in user space: nobody but whoever they decide for waits. They don't wait for the state. */
export const USER: HookLimits = {
  fuel: { usual: 100_000, most: 1_000_000_000 },
  deadline: { usual: 1000 * MS, most: 60_000 * MS },
  wait: 0,
}

/** What no hook of an engine may go beyond. */
export const CEILINGS = { kernel: PROCESS, user: USER } as const

/** The limits of a hook: its own, or those of its kind. */
export function limitsOf(hook: Hook): HookLimits {
  if (hook.limits !== undefined) return hook.limits
  if (hook.where === 'user') return USER
  return hook.packet === undefined ? PROCESS : SOFTIRQ
}

/** What the maker of a state has said: instructions, and nanoseconds. */
export interface AskedLimits {
  readonly fuel?: number | undefined
  readonly deadline?: number | undefined
}

/** `12,345` */
const count = (n: number) => n.toLocaleString('en-US')

const TIME_UNITS = [
  [1e9, 's'],
  [1e6, 'ms'],
  [1e3, 'us'],
] as const

/** Nanoseconds as options write them: `10ms`, `500us`. */
export function optionTime(nanoseconds: number): string {
  const [unit, name] = TIME_UNITS.find(([unit]) => nanoseconds % unit === 0) ?? [1, 'ns']
  return `${nanoseconds / unit}${name}`
}

/**
 * Refuses what is over the ceilings of `limits`, which are those of `whose`.
 * @throws StateError `BAD_OPTION`
 */
export function refuseBeyond(
  action: string,
  whose: string,
  { fuel, deadline }: HookLimits,
  asked: AskedLimits,
): void {
  const refuse = (what: string, most: string, option: string) => {
    throw new StateError(
      'BAD_OPTION',
      `${action}: a call is to ${what}, and ${whose} allows ${most} at most`,
      `make the state with ${option} or less`,
    )
  }
  if (asked.fuel !== undefined && asked.fuel > fuel.most)
    refuse(`execute ${count(asked.fuel)} instructions`, count(fuel.most), `--fuel ${fuel.most}`)
  if (asked.deadline !== undefined && asked.deadline > deadline.most)
    refuse(
      `take ${optionTime(asked.deadline)}`,
      optionTime(deadline.most),
      `--deadline ${optionTime(deadline.most)}`,
    )
}

/** The limits of a call by a hook, as it is attached: instructions, nanoseconds, nanoseconds of waiting. */
export interface CallLimits {
  readonly fuel: number
  readonly deadline: number
  readonly wait: number
}

/** @throws StateError `BAD_OPTION` */
export function callLimits(hook: Hook, asked: AskedLimits): CallLimits {
  const limits = limitsOf(hook)
  refuseBeyond(`Cannot attach to ${hook.name}`, 'this hook', limits, asked)
  return {
    fuel: asked.fuel ?? limits.fuel.usual,
    deadline: asked.deadline ?? limits.deadline.usual,
    wait: limits.wait,
  }
}

/**
 * Checks what the maker of a state says about calls of its hooks: `deadline` in milliseconds.
 * @throws StateError `BAD_OPTION`
 */
export function checkAsked(engine: keyof typeof CEILINGS, { fuel, deadline }: AskedLimits): void {
  const action = 'Cannot create a state'
  const refuse = (problem: string) => {
    throw new StateError('BAD_OPTION', `${action}: ${problem}`)
  }
  if (fuel !== undefined && !(Number.isSafeInteger(fuel) && fuel > 0))
    refuse(`fuel is ${fuel}, which is no positive number of instructions`)
  if (deadline !== undefined && !(deadline >= 1e-6 && deadline <= Number.MAX_SAFE_INTEGER / MS))
    refuse(`deadline is ${deadline}, which is no positive number of milliseconds`)
  const whose = `any hook in ${engine === 'kernel' ? 'the kernel' : 'user space'}`
  refuseBeyond(action, whose, CEILINGS[engine], { fuel, deadline: deadline && Math.round(deadline * MS) })
}

/** Why limits are none: what is wrong with them, in words; undefined if nothing is. */
export function wrongLimits({ fuel, deadline, wait }: HookLimits, ceilings: HookLimits): string | undefined {
  for (const [name, { usual, most }, ceiling] of [
    ['fuel', fuel, ceilings.fuel.most],
    ['deadline', deadline, ceilings.deadline.most],
  ] as const)
    if (!(Number.isInteger(usual) && Number.isInteger(most) && usual > 0 && usual <= most && most <= ceiling))
      return `has ${name} of ${usual}, at most ${most}: they are to be integers from 1 to ${ceiling}`
  if (Number.isInteger(wait) && wait >= 0 && wait <= ceilings.wait) return undefined
  return `waits ${wait} ns for the state, not 0 to ${ceilings.wait}`
}
