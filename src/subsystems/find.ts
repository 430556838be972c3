/** The subsystems that come with Moonring. */

import { cpufreq } from '../cpufreq/subsystem.ts'
import type { Hook, Subsystem } from '../hook/subsystem.ts'
import { nearest } from '../isa/nearest.ts'
import { StateError } from '../state/errors.ts'
import { cgroup, sysctl } from './cgroup.ts'
import { packets } from './packets.ts'

export const SUBSYSTEMS: readonly Subsystem[] = [sysctl, cgroup, packets, cpufreq]

/** Columns of a list of hooks. */
const WIDTH = 100

/** A hook by its name. @throws StateError `NO_HOOK` */
export function findHook(
  name: string,
  subsystems: readonly Subsystem[] = SUBSYSTEMS,
): { hook: Hook; subsystem: Subsystem } {
  const known: string[] = []
  for (const subsystem of subsystems)
    for (const hook of subsystem.hooks) {
      if (hook.name === name) return { hook, subsystem }
      known.push(hook.name)
    }
  const meant = nearest(name, known)
  const hint =
    meant === undefined
      ? `use one of these:\n${listHooks(subsystems, '    ')}`
      : `did you mean ${meant}? moonring hooks lists all`
  throw new StateError('NO_HOOK', `Cannot find the hook '${name}': there is none of this name`, hint)
}

/** The names of hooks in lines, each subsystem under what it is about. */
export function listHooks(subsystems: readonly Subsystem[] = SUBSYSTEMS, indent = '  '): string {
  return subsystems
    .flatMap(({ summary, hooks }) => [
      `${indent}${summary}`,
      ...inLines(hooks.map(({ name }) => name)).map((line) => `${indent}  ${line}`),
    ])
    .join('\n')
}

/** Words in as few lines as hold them. */
function inLines(words: readonly string[]): string[] {
  const lines: string[] = []
  for (const word of words) {
    const line = `${lines.at(-1) ?? ''}  ${word}`.trim()
    if (lines.length > 0 && line.length <= WIDTH - 8) lines[lines.length - 1] = line
    else lines.push(word)
  }
  return lines
}
