/** The subsystems that come with Moonring. */

import { cpufreq } from '../cpufreq/subsystem.ts'
import type { Hook, Subsystem } from '../hook/subsystem.ts'
import { StateError } from '../state/errors.ts'
import { cgroup, sysctl } from './cgroup.ts'
import { packets } from './packets.ts'

export const SUBSYSTEMS: readonly Subsystem[] = [sysctl, cgroup, packets, cpufreq]

/** A hook by its name. @throws StateError `NO_HOOK` */
export function findHook(
  name: string,
  subsystems: readonly Subsystem[] = SUBSYSTEMS,
): { hook: Hook; subsystem: Subsystem } {
  for (const subsystem of subsystems)
    for (const hook of subsystem.hooks) if (hook.name === name) return { hook, subsystem }
  const known = subsystems.flatMap(({ hooks }) => hooks.map((hook) => hook.name)).join(', ')
  throw new StateError('NO_HOOK', `Cannot find the hook '${name}': there are ${known}`, 'see: moonring hooks')
}
