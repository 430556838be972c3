/** The subsystem `cpufreq` as it is declared: its hook in user space, and its libraries over this machine. */
import {
  type Attachment,
  defineSubsystem,
  type HookCall,
  type Report,
  type Subsystem,
} from '../hook/subsystem.ts'
import { KernelError } from '../kernel/errors.ts'
import { StateError } from '../state/errors.ts'
import { FolderFiles } from './files.ts'
import { type GovernorOptions, govern, requirePolicies } from './governor.ts'
import { cpuLibraries } from './libraries.ts'
import { LinuxMachine } from './linux-machine.ts'
import { giveBackLeft, STATE_FILE } from './take-over.ts'

/** What a call comes to: the script has decided, or the built-in rule has to. */
const VERDICTS = { decided: 0, ondemand: 1 } as const

/** The longest period, in milliseconds. */
const LONGEST = 60_000

/** The subsystem over a machine. @param options where it isn't this one as it is */
export function cpufreqSubsystem(
  machine: LinuxMachine,
  options: Omit<GovernorOptions, 'machine' | 'period' | 'log'> = {},
): Subsystem {
  const attach = (call: HookCall, target: string, report: Report): Attachment => {
    const decide = async (...args: readonly number[]) => (await call(...args)) === VERDICTS.decided
    const period = periodOf(target)
    machine.lookAgain()
    const governor = govern(decide, { ...options, machine, period, log: report })
    return {
      detach: () => requireGivenBack(governor.detach()),
      figures: () => {
        const { policies, period, fallbacks, refused, skipped } = governor.figures
        return { policies: policies.join(' '), period, fallbacks, refused, skipped }
      },
    }
  }
  return defineSubsystem({
    name: 'cpufreq',
    summary: 'the frequency of processors',
    hooks: [
      {
        where: 'user',
        name: 'cpufreq',
        summary: 'every sampling period of each policy: throttle(cpu, cur, max, min), in kHz',
        function: 'throttle',
        verdicts: {
          named: VERDICTS,
          onTrue: 'decided',
          onFalse: 'decided',
          onNil: 'decided',
          onFailure: 'ondemand',
        },
        requireAvailable() {
          machine.lookAgain()
          requirePolicies(machine)
        },
        attach,
      },
    ],
    libraries: cpuLibraries(machine),
    recover: () => giveBackLeft(machine.files, options.stateFile ?? STATE_FILE),
  })
}

/** @throws KernelError with what the kernel has refused to take back */
function requireGivenBack([problem, ...more]: readonly string[]): void {
  if (problem === undefined) return
  const others = more.length === 0 ? '' : `, and ${more.length} more`
  const remedy = 'write governor and limits to /sys/devices/system/cpu/cpufreq'
  throw new KernelError('KERNEL', `${problem}${others}`, remedy)
}

/** Milliseconds that were typed as the hook's target, such as `20ms`; by default the hook chooses. */
function periodOf(target: string): number | undefined {
  if (target === '') return undefined
  const [, digits] = /^(\d{1,5})(?:ms)?$/.exec(target) ?? []
  const period = Number(digits)
  if (period >= 1 && period <= LONGEST) return period
  throw new StateError(
    'BAD_OPTION',
    `Cannot use '${target}' as a sampling period: it is no 1 to ${LONGEST} ms`,
  )
}

/** This machine's. */
export const cpufreq: Subsystem = cpufreqSubsystem(new LinuxMachine(new FolderFiles()))
