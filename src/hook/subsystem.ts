/**
 * Declarations of subsystems: what makes a part of the system scriptable. A subsystem has hooks, at which it calls a
 * function of a state (embedding), and libraries, whose functions scripts call (extending). A hook lies in the kernel,
 * where a program of eBPF makes the call, or in user space, where TypeScript does.
 */
import type { AttachType, ProgramType } from '../kernel/kernel-names.ts'
import type { Argument, HostFunction } from '../state/argument.ts'
import { StateError } from '../state/errors.ts'
import { CEILINGS, type HookLimits, limitsOf, wrongLimits } from './limits.ts'

/** What a function of a hook may return, and what becomes of it. Names are those that people type. */
export interface Verdicts {
  /** Numbers of the verdicts as the kernel, or the subsystem in user space, takes them; none is negative. */
  readonly named: Readonly<Record<string, number>>
  /** The verdict for true, for false, and for nil or nothing; where one is missing, that is no verdict. */
  readonly onTrue?: string
  readonly onFalse?: string
  readonly onNil?: string
  /** Integers that are verdicts themselves: the least and the greatest. */
  readonly integers?: readonly [least: number, most: number]
  /** The verdict when a call fails, unless `attach` names another. */
  readonly onFailure: string
}

/** What every hook has. */
interface HookBase {
  /** As people type it: `cgroup/sysctl`. */
  readonly name: string
  /** One line for lists. */
  readonly summary: string
  /** The global function that is called, unless `attach` names another. */
  readonly function: string
  readonly verdicts: Verdicts
  /** What bounds a call; default: that of its kind, see limits.ts. */
  readonly limits?: HookLimits
}

/** How programs of a hook get at a packet. */
export type PacketPath = 'netfilter' | 'tc' | 'xdp'

/**
 * What a function gets: a field of the context as the integer that it holds; or one that holds a number of 16 or 32 bits in
 * network byte order, as the number; or, as the first argument, one that holds the 16 bytes of an IPv6 address: as scripts
 * have addresses, those that stand for an IPv4 address (::ffff:0:0/96) as that one.
 */
export type ContextArgument = string | { readonly field: string; readonly network: 16 | 32 | 128 }

/** A hook in the kernel. */
export interface KernelHook extends HookBase {
  readonly where: 'kernel'
  readonly program: ProgramType
  readonly attachType: AttachType
  /** The struct of the kernel's BTF that the program gets, and those of its fields that become arguments. */
  readonly context: string
  readonly arguments: readonly ContextArgument[]
  /** The greatest number that the program may return: the verifier wants to know. */
  readonly greatest: number
  /** What it is attached to: a directory of cgroup2, a network namespace, or a device of one. */
  readonly target: 'cgroup' | 'namespace' | 'device'
  /** Of hooks whose function is called with a packet, in place of fields of the context. */
  readonly packet?: PacketPath
  /** Of hooks of netfilter: `enum nf_inet_hooks` of include/uapi/linux/netfilter.h. */
  readonly number?: number
}

/** Calls the function of a hook; the verdict's number. Failures give the default verdict. */
export type HookCall = (...args: readonly Argument[]) => Promise<number>

/** Gets what goes wrong where nobody waits for an answer, as text for people. */
export type Report = (problem: string) => void

/** A hook in user space: a source of calls. */
export interface UserHook extends HookBase {
  readonly where: 'user'
  /** Says that the machine lacks what the hook needs, before anything is asked of the state. @throws NotAvailable */
  readonly requireAvailable?: () => void
  /**
   * Begins to call, and returns what ends it. `target` is what was typed for it, or ''; `report` gets, as text for people,
   * what happens meanwhile and nobody waits for.
   * @throws what people are to read when it can't begin
   */
  readonly attach: (call: HookCall, target: string, report: Report) => Attachment | Promise<Attachment>
}

export interface Attachment {
  /** Stops calling, and gives back what was taken over; the state is still there. */
  detach(): void | Promise<void>
  /** What `show` says about it: names of the subsystem's own. */
  figures?(): Readonly<Record<string, number | string>>
}

export type Hook = KernelHook | UserHook

/** A library function as the main program of a hook in the kernel executes it. */
export interface KernelFunction {
  /** Integers that it takes, at most 5: in r1 to r5. */
  readonly parameters: number
  /** What it leaves in r0: an integer, or with `text` the length of the bytes at r10 - `text`, negative for nil. */
  readonly text?: number
  /**
   * eBPF assembly (docs/subsystems.md). r6 is the context, of which `@field` is the offset of a field; r7, r8 and r9
   * stay as they are. Labels are its own.
   */
  readonly code: string
}

export interface LibraryFunction {
  /** Its parameters and results, as in documentation: `name(): string`. */
  readonly signature: string
  readonly summary: string
  /** How processes serve it. */
  readonly user?: HostFunction
  /** How hooks in the kernel serve it. */
  readonly kernel?: KernelFunction
}

export interface Library {
  readonly name: string
  readonly functions: Readonly<Record<string, LibraryFunction>>
}

export interface Subsystem {
  readonly name: string
  readonly summary: string
  readonly hooks: readonly Hook[]
  /** What scripts get while they are attached to one of the hooks, and no others. */
  readonly libraries: readonly Library[]
  /**
   * Gives back what a process that was killed while attached had taken over, and nobody holds now; called when a server
   * starts. What could not be given back, as text for people.
   */
  recover?(): readonly string[]
}

const NAME = /^[a-z][a-z0-9]*([-/][a-z0-9]+)*$/
const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/
/** Bytes of the longest name of a hook in the control block. */
const LONGEST_NAME = 47
const MOST_ARGUMENTS = 8

function refuse(what: string, reason: string): never {
  throw new StateError('BAD_DECLARATION', `Cannot define ${what}: ${reason}`)
}

/**
 * Checks a library and returns it.
 * @throws StateError `BAD_DECLARATION`
 */
export function defineLibrary(library: Library): Library {
  const what = `library '${library.name}'`
  if (!IDENTIFIER.test(library.name)) refuse(what, 'its name is no name of a global variable')
  for (const [name, f] of Object.entries(library.functions)) {
    if (!IDENTIFIER.test(name)) refuse(what, `'${name}' is no name of a field`)
    if (f.user === undefined && f.kernel === undefined) refuse(what, `nobody serves '${name}'`)
    const { parameters = 0, text = 8 } = f.kernel ?? {}
    if (parameters < 0 || parameters > 5)
      refuse(what, `'${name}' has ${parameters} parameters, at most 5 in the kernel`)
    if (text % 8 !== 0 || text < 8 || text > 256)
      refuse(what, `the text of '${name}' has ${text} bytes, not 8 to 256 in eights`)
  }
  return library
}

/**
 * Checks a subsystem and returns it.
 * @throws StateError `BAD_DECLARATION`
 */
export function defineSubsystem(subsystem: Subsystem): Subsystem {
  const what = `subsystem '${subsystem.name}'`
  if (!NAME.test(subsystem.name)) refuse(what, 'its name is not made of small letters, digits, - and /')
  for (const hook of subsystem.hooks) checkHook(what, hook)
  for (const library of subsystem.libraries) defineLibrary(library)
  return subsystem
}

function checkHook(what: string, hook: Hook): void {
  const { verdicts } = hook
  const problem = (reason: string) => refuse(what, `hook '${hook.name}' ${reason}`)
  if (!NAME.test(hook.name) || hook.name.length > LONGEST_NAME)
    problem('has a name that is not made of small letters, digits, - and /, at most 47')
  if (!IDENTIFIER.test(hook.function))
    problem(`calls '${hook.function}', which is no name of a global variable`)
  for (const name of [verdicts.onTrue, verdicts.onFalse, verdicts.onNil, verdicts.onFailure])
    if (name !== undefined && !(name in verdicts.named)) problem(`has no verdict '${name}'`)
  for (const [name, number] of Object.entries(verdicts.named))
    if (!Number.isInteger(number) || number < 0)
      problem(`has the verdict '${name}', whose number is ${number}`)
  const wrong = wrongLimits(limitsOf(hook), CEILINGS[hook.where])
  if (wrong !== undefined) problem(wrong)
  if (hook.where === 'user') return
  const address = hook.arguments.findIndex((one) => typeof one === 'object' && one.network === 128)
  if (address > 0) problem('has an IPv6 address that is not its first argument')
  const most = address === 0 ? MOST_ARGUMENTS - 2 : MOST_ARGUMENTS
  if (hook.arguments.length > most) problem(`has more than ${most} arguments`)
  if (hook.packet !== undefined && hook.arguments.length > 0) problem('gets a packet, and arguments besides')
  const numbers = [...Object.values(verdicts.named), ...(verdicts.integers ?? [])]
  if (numbers.some((n) => n < 0 || n > hook.greatest))
    problem(`has verdicts outside of 0 to ${hook.greatest}`)
}

/** The number of a verdict by its name. @throws StateError `BAD_OPTION` */
export function verdictNumber(hook: Hook, name: string): number {
  const number = hook.verdicts.named[name]
  if (number !== undefined) return number
  const known = Object.keys(hook.verdicts.named).join(', ')
  throw new StateError('BAD_OPTION', `Cannot use the verdict '${name}': ${hook.name} has ${known}`)
}
