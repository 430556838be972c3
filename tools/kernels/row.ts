/** Judges one guest: a row of the matrix. Pure. */
import { type Report, type Totals, totalsOf } from '../ci-totals/report.ts'
import { complaintsIn } from './kernel-messages.ts'
import { isScript, readSteps, type Step, type StepResult } from './steps.ts'
import { figuresIn, type VerifierFigures } from './verifier-figures.ts'

export interface Row {
  /** The kernel's release, or the word that chose none. */
  readonly kernel: string
  readonly result: 'passed' | 'failed' | 'skipped'
  /** Why it failed or was skipped: a line each. */
  readonly reasons: readonly string[]
  readonly tests: Totals | undefined
  readonly verifier: VerifierFigures | undefined
  /** From QEMU's start to its end. */
  readonly seconds: number
}

/** What a guest left: `BootResult` is one. */
export interface Outcome {
  readonly code: number | undefined
  readonly end: 'exited' | 'timed out' | 'died' | 'aborted'
  readonly output: string
  readonly dmesg: string
  readonly complaints: string
  readonly seconds: number
}

/**
 * @param release of the kernel that was to be booted
 * @param steps that it ran
 * @param report the text of vitest's report; empty if there is none
 */
export function judge(release: string, steps: readonly Step[], outcome: Outcome, report: string): Row {
  const results = readSteps(outcome.output)
  const tests = report === '' ? undefined : (JSON.parse(report) as Report & NamedReport)
  const reasons = [
    ...endReasons(outcome),
    ...results.flatMap((result) => stepReasons(result, release)),
    ...results.flatMap((result) => differences(result, steps)),
    ...(tests ? failuresIn(tests) : []),
    ...complaintsIn(outcome.dmesg).map((line) => `kernel: ${line}`),
  ]
  return {
    kernel: release,
    result: reasons.length > 0 ? 'failed' : 'passed',
    reasons,
    tests: tests && totalsOf(tests),
    verifier: figuresIn(results.find(isScript)?.output ?? ''),
    seconds: outcome.seconds,
  }
}

/** The row of a kernel that wasn't booted. */
export function withoutGuest(kernel: string, result: 'failed' | 'skipped', reason: string): Row {
  return { kernel, result, reasons: [reason], tests: undefined, verifier: undefined, seconds: 0 }
}

function endReasons({ end, complaints, dmesg, output }: Outcome): string[] {
  if (end === 'exited') return []
  const last = (text: string): string => text.trim().split('\n').at(-1) ?? ''
  const running = readSteps(output).find(({ code }) => code === undefined)
  const where = running ? ` in ${running.name}` : output === '' ? ' before the first step' : ''
  const hint =
    last(complaints) || (end === 'died' ? (/moonring-guest: .*/.exec(dmesg)?.[0] ?? last(dmesg)) : '')
  return [`the guest ${end === 'timed out' ? "didn't end in time" : end}${where}${hint && `: ${hint}`}`]
}

function stepReasons({ name, code, output }: StepResult, release: string): string[] {
  if (name === 'release' && code === 0 && output.trim() !== release)
    return [`another kernel was booted: ${output.trim()}`]
  if (code === undefined || code === 0) return []
  const lines = output.trim().split('\n')
  return [`${name} failed with exit code ${code}${name === 'tests' ? '' : `: ${lines.at(-1) ?? ''}`}`]
}

/** A script must print in the kernel what it prints in user space. */
function differences({ name, code, output }: StepResult, steps: readonly Step[]): string[] {
  const { expected = '' } = steps.find((step) => step.name === name) ?? {}
  return code !== 0 || output.startsWith(expected)
    ? []
    : [`${name} printed something else than in user space`]
}

interface NamedReport {
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly status: string; readonly fullName?: string }[]
  }[]
}

const failuresIn = ({ testResults }: NamedReport): string[] =>
  testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === 'failed')
    .map(({ fullName }) => `test: ${fullName ?? 'without a name'}`)
