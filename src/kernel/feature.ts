/**
 * What a kernel may have or not: each feature is found out by trying, since distributions carry features back
 * and leave others out. A version is only told to people, as the one from which on Linux has it.
 */
import { assemble } from '../ebpf/assemble.ts'
import type { SystemCalls } from '../ffi/system-calls.ts'
import { type ReadText, readText } from './capabilities.ts'
import { KernelError, NotPermitted } from './errors.ts'
import { type LoadOptions, loadProgram } from './load-program.ts'
import type { Program } from './program.ts'
import { VerifierError } from './verifier-error.ts'

/** What a probe finds. The reason says why not, or something about what is there. */
export interface ProbeResult {
  readonly available: boolean
  readonly reason: string
  /** What to do, where that isn't what the feature says: get the privilege to try it. */
  readonly remedy?: string
}

/** Where a probe looks. */
export interface Machine {
  /** @throws NotAvailable where there are none for this machine */
  readonly system: () => SystemCalls
  /** Reads a file of /proc or /sys. */
  readonly read: ReadText
  /** Where pins go. */
  readonly bpffs: string
}

export interface Feature {
  readonly name: string
  /** Whether the engine in the kernel needs it; other features serve some hooks or programs only. */
  readonly essential?: true
  /** The first version of Linux that has it; undefined if that isn't a matter of versions. */
  readonly since?: string
  /** What to do where it is missing. */
  readonly remedy: string
  readonly probe: (machine: Machine) => ProbeResult
}

const results = new WeakMap<Machine, Map<string, ProbeResult>>()

/** What this machine has of a feature. Asked twice, it answers from memory. */
export function probeFeature(feature: Feature, machine: Machine): ProbeResult {
  const known = results.get(machine) ?? new Map<string, ProbeResult>()
  results.set(machine, known)
  const result = known.get(feature.name) ?? attempt(() => feature.probe(machine))
  known.set(feature.name, result)
  return result
}

/** The result of a probe, with what it throws as the reason why not. */
export function attempt(probe: () => ProbeResult): ProbeResult {
  try {
    return probe()
  } catch (error) {
    if (!(error instanceof KernelError)) throw error
    return { available: false, ...explain(error) }
  }
}

/** What an error says after "Cannot X: ". */
function explain(error: KernelError): Omit<ProbeResult, 'available'> {
  if (error instanceof VerifierError) return { reason: `the verifier refuses it: ${error.reason}` }
  const reason = error.message.replace(/^Cannot .*?: /, '')
  return error instanceof NotPermitted ? { reason, remedy: error.hint } : { reason }
}

export const yes = (reason = ''): ProbeResult => ({ available: true, reason })
export const no = (reason: string): ProbeResult => ({ available: false, reason })

/** Loads a program from its text, and gives it back after `use` has looked at it. */
export function withProgram<T>(
  { system }: Machine,
  text: string,
  options: Omit<LoadOptions, 'system'>,
  use: (program: Program) => T,
): T {
  const program = loadProgram(assemble(text), { name: 'probe', ...options, system: system() })
  try {
    return use(program)
  } finally {
    program.close()
  }
}

/** Whether a program loads. */
export function loads(machine: Machine, text: string, options: Omit<LoadOptions, 'system'>): ProbeResult {
  return withProgram(machine, text, options, () => yes())
}

/** A machine for probes that looks at this one. */
export function thisMachine(system: () => SystemCalls, bpffs: string): Machine {
  return { system, read: readText, bpffs }
}
