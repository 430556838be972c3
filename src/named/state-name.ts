/** Names of states, which are names of directories in bpffs. */
import { StateError } from '../state/errors.ts'

/** bpffs takes no dots in names. */
const NAME = /^[A-Za-z0-9_][A-Za-z0-9_-]*$/
const LONGEST = 63

/** Whether that may be the name of a state. */
export const isName = (name: string): boolean => name.length <= LONGEST && NAME.test(name)

/**
 * The name, if it may be one.
 * @throws StateError `BAD_NAME`
 */
export function checkName(name: string): string {
  const reason =
    name === ''
      ? 'it is empty'
      : name.length > LONGEST
        ? `it has ${name.length} characters, at most ${LONGEST}`
        : NAME.test(name)
          ? undefined
          : 'names are made of letters, digits, _ and -, and start with none of -'
  if (reason === undefined) return name
  const shown = name.length > LONGEST ? `${name.slice(0, LONGEST)}…` : name
  throw new StateError('BAD_NAME', `Cannot use the name '${shown}': ${reason}`)
}
