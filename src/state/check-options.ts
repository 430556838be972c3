/** The one check of objects with options: a name that isn't known, or a value of a wrong kind, is refused by name. */
import { nearest } from '../isa/nearest.ts'
import { messageOf, StateError } from './errors.ts'

/** What an option takes, in words that end `… is 7, not`; and whether a value is that. */
export interface OptionKind {
  readonly takes: string
  readonly accepts: (value: unknown) => boolean
}

/** Options by their names. */
export type OptionKinds = Readonly<Record<string, OptionKind>>

/** An integer in a range; both ends are in it. */
export function integerBetween(
  least: number,
  most: number,
  takes = `an integer from ${least} to ${most}`,
): OptionKind {
  return {
    takes,
    accepts: (value) => Number.isInteger(value) && (value as number) >= least && (value as number) <= most,
  }
}

export function oneOf(...choices: readonly string[]): OptionKind {
  const takes = choices.map((choice) => `'${choice}'`).join(' or ')
  return { takes, accepts: (value) => choices.includes(value as string) }
}

const isA = (type: string, takes: string): OptionKind => ({
  takes,
  accepts: (value) => typeof value === type,
})

export const TEXT = isA('string', 'a string')
export const NUMBER = isA('number', 'a number')
export const FLAG = isA('boolean', 'true or false')
export const FUNCTION = isA('function', 'a function')
export const LIST: OptionKind = { takes: 'an array', accepts: Array.isArray }
/** For options that are looked at elsewhere. */
export const ANYTHING: OptionKind = { takes: 'anything', accepts: () => true }

/**
 * Checks options; undefined counts as absent.
 * @param action the start of the message: `Cannot create a state`
 * @throws StateError `BAD_OPTION`
 */
export function checkOptions(action: string, options: unknown, kinds: OptionKinds): void {
  if (typeof options !== 'object' || options === null || isList(options))
    throw new StateError('BAD_OPTION', `${action}: its options are ${shown(options)}, not an object`)
  for (const [name, value] of entriesOf(action, options)) {
    const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined
    if (kind === undefined) throw unknownOption(action, name, Object.keys(kinds))
    if (value !== undefined && !accepts(kind, value))
      throw new StateError('BAD_OPTION', `${action}: ${name} is ${shown(value)}, not ${kind.takes}`)
  }
}

function entriesOf(action: string, options: object): [string, unknown][] {
  try {
    return Object.entries(options)
  } catch (error) {
    throw unreadable(action, error)
  }
}

function accepts(kind: OptionKind, value: unknown): boolean {
  try {
    return kind.accepts(value)
  } catch {
    return false // a revoked proxy, for instance
  }
}

function unreadable(action: string, cause: unknown): StateError {
  const message = `${action}: its options can't be read: ${messageOf(cause)}`
  return new StateError('BAD_OPTION', message, undefined, { cause })
}

function unknownOption(action: string, name: string, known: readonly string[]): StateError {
  const near = nearest(name, known)
  const hint = near === undefined ? `the options are ${known.join(', ')}` : `did you mean '${near}'?`
  return new StateError('BAD_OPTION', `${action}: there is no option ${shown(name)}`, hint)
}

/** A value in words, for messages. Never throws. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return `'${value.length > 60 ? `${value.slice(0, 60)}…` : value}'`
  if (typeof value === 'function' || typeof value === 'symbol') return `a ${typeof value}`
  if (typeof value !== 'object' || value === null) return String(value)
  return isList(value) ? 'an array' : 'an object'
}

/** Whether an object is a list of any kind, whose elements are no options. */
export function isList(value: object): boolean {
  try {
    return Array.isArray(value) || ArrayBuffer.isView(value)
  } catch {
    return false
  }
}
