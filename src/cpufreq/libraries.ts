/** The libraries `cpufreq`, `acpi` and `cpu`, which scripts call, over a machine. */

import { describedLibrary } from '../hook/described-library.ts'
import type { Library } from '../hook/subsystem.ts'
import { type Argument, Results } from '../state/argument.ts'
import { LuaReference, type LuaValue } from '../state/memory.ts'
import type { State } from '../state/state.ts'
import { type Relation, setFrequency } from './frequency-table.ts'
import { type Machine, type Policy, TIME_NAMES } from './machine.ts'

/** Makes the libraries available to the scripts of a state. */
export function registerCpuLibraries(state: State, machine: Machine): void {
  for (const { name, functions } of cpuLibraries(machine)) {
    const served = Object.entries(functions).map(([field, { user }]) => [field, user!] as const)
    state.register(name, Object.fromEntries(served))
  }
}

export function cpuLibraries(machine: Machine): readonly Library[] {
  return [
    describedLibrary('cpufreq', {
      target: { user: (cpu, frequency, relation) => target(machine, cpu, frequency, relation) },
      get: { user: (cpu) => machine.policyOf(processor('get', cpu))?.current() },
      policy: {
        user: (cpu) => {
          const policy = machine.policyOf(processor('policy', cpu))
          return policy && describe(policy)
        },
      },
    }),
    describedLibrary('acpi', {
      get_temp: { user: (cpu) => machine.temperature(processor('get_temp', cpu)) },
    }),
    describedLibrary('cpu', {
      times: {
        user: (cpu) => {
          const times = machine.times(processor('times', cpu))
          return times && new Results(TIME_NAMES.map((name) => times[name]))
        },
      },
      online: { user: () => machine.online() },
    }),
  ]
}

/** Sets the frequency of a processor's policy. Returns it, or nil where the policy is switched off. */
function target(
  machine: Machine,
  cpu: LuaValue | undefined,
  frequency?: LuaValue,
  relation?: LuaValue,
): Argument {
  const number = processor('target', cpu)
  if (typeof frequency !== 'number' && typeof frequency !== 'bigint')
    throw new Error(badArgument(2, 'target', 'number', frequency))
  if (relation !== '>=' && relation !== '<=' && relation !== undefined && relation !== null)
    throw new Error("bad argument #3 to 'target' ('>=' or '<=' expected)")
  const policy = machine.policyOf(number)
  if (policy === undefined)
    throw new Error(`bad argument #1 to 'target' (CPU ${number} has no cpufreq policy)`)
  const outcome = setFrequency(policy, Number(frequency), (relation ?? '>=') as Relation)
  if (outcome.refused !== undefined)
    throw new Error(`cannot set ${policy.name} to ${outcome.frequency} kHz (${outcome.refused})`)
  return outcome.frequency
}

/** What `cpufreq.policy` returns: frequencies in kHz, the latency in nanoseconds. */
function describe(policy: Policy): Argument {
  const limits = policy.limits()
  return {
    name: policy.name,
    driver: policy.driver,
    governor: policy.governor(),
    cpus: policy.related,
    cur: policy.current(),
    min: limits?.min,
    max: limits?.max,
    cpuinfo_min: policy.hardware.min,
    cpuinfo_max: policy.hardware.max,
    frequencies: policy.frequencies,
    transition_latency: policy.latency,
  }
}

function processor(name: string, cpu: LuaValue | undefined): number {
  if (typeof cpu !== 'number') throw new Error(badArgument(1, name, 'number', cpu))
  return cpu
}

/** As Lua words it. */
function badArgument(position: number, name: string, wanted: string, value: LuaValue | undefined): string {
  const got = value === undefined ? 'no value' : value === null ? 'nil' : typeOf(value)
  return `bad argument #${position} to '${name}' (${wanted} expected, got ${got})`
}

function typeOf(value: NonNullable<LuaValue>): string {
  if (value instanceof LuaReference) return value.type
  if (value instanceof Uint8Array) return 'string'
  return typeof value === 'object' ? 'table' : typeof value
}
