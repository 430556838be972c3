/** Choosing among the frequencies of a policy. Pure; frequencies in kHz, tables lowest first. */
import type { Limits, Policy } from './machine.ts'

/** `>=`: the lowest at or above; `<=`: the highest at or below; `~`: the closest, of two the lower. */
export type Relation = '>=' | '<=' | '~'

/**
 * The frequency that a wish becomes: within the limits, and one that the policy has. Where the limits leave none of
 * the table, the table's closest.
 */
export function chooseFrequency(
  frequencies: readonly number[],
  limits: Limits,
  wish: number,
  relation: Relation,
): number {
  const within = clamp(wish, limits)
  if (frequencies.length === 0) return within
  const allowed = frequencies.filter((frequency) => frequency >= limits.min && frequency <= limits.max)
  if (allowed.length === 0) return closest(frequencies, within)
  if (relation === '~') return closest(allowed, within)
  if (relation === '>=') return allowed.find((frequency) => frequency >= within) ?? allowed.at(-1)!
  return allowed.findLast((frequency) => frequency <= within) ?? allowed[0]!
}

const clamp = (value: number, { min, max }: Limits): number => Math.max(min, Math.min(max, value))

const closest = (frequencies: readonly number[], wish: number): number =>
  frequencies.reduce((best, next) => (Math.abs(next - wish) < Math.abs(best - wish) ? next : best))

/** What became of a wish. */
export interface Outcome {
  /** The frequency that was asked for, in kHz; undefined if the policy is switched off. */
  readonly frequency: number | undefined
  /** Why the system refused it, such as `EINVAL`. */
  readonly refused: string | undefined
}

/** The kernel's answer while a policy is switched off; the other where it is gone with its files. */
const AWAY = ['EBUSY', 'ENOENT', 'ENODEV']

/** Sets a policy's frequency to what a wish becomes; it isn't set again if it is set already. */
export function setFrequency(policy: Policy, wish: number, relation: Relation): Outcome {
  const limits = policy.limits()
  if (limits === undefined) return { frequency: undefined, refused: undefined }
  const frequency = chooseFrequency(policy.frequencies, limits, wish, relation)
  if (frequency === policy.current()) return { frequency, refused: undefined }
  const refused = policy.set(frequency)
  if (refused !== undefined && AWAY.includes(refused)) return { frequency: undefined, refused: undefined }
  return { frequency, refused }
}
