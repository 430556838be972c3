/** The subsystem `cpufreq` as it is declared: its hook in user space, and its libraries over this machine. */
import { type Attachment, defineSubsystem, type HookCall, type Subsystem } from '../hook/subsystem.ts'
import { StateError } from '../state/errors.ts'
import { FolderFiles } from './files.ts'
import { type GovernorOptions, govern } from './governor.ts'
import { cpuLibraries } from './libraries.ts'
import { LinuxMachine } from './linux-machine.ts'

/** What a call comes to: the script has decided, or the built-in rule has to. */
const VERDICTS = { decided: 0, ondemand: 1 } as const

/** The longest period, in milliseconds. */
const LONGEST = 60_000

/** The subsystem over a machine. @param options where it isn't this one as it is */
export function cpufreqSubsystem(
  machine: LinuxMachine,
  options: Omit<GovernorOptions, 'machine' | 'period'> = {},
): Subsystem {
  const attach = (call: HookCall, target: string): Attachment => {
    const decide = async (...args: readonly number[]) => (await call(...args)) === VERDICTS.decided
    const governor = govern(decide, { ...options, machine, period: periodOf(target) })
    return {
      detach: () => void governor.detach(),
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
        attach,
      },
    ],
    libraries: cpuLibraries(machine),
  })
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
