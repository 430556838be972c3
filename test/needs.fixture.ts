/**
 * Tests that need something of the machine. Where it is missing they are skipped, and their titles say why:
 * `name (skipped: lua5.4 is not installed)`. `npm test` ends with a list of these reasons.
 */
import { describe, test } from 'vitest'

type Missing = string | false | undefined

/** `test`, unless something is missing. */
export const testUnless = (missing: Missing): typeof test =>
  ((name: string, ...rest: [() => void]) =>
    missing ? test.skip(`${name} (skipped: ${missing})`, ...rest) : test(name, ...rest)) as typeof test

/** `describe`, unless something is missing. */
export const describeUnless = (missing: Missing): typeof describe =>
  ((name: string, ...rest: [() => void]) =>
    missing
      ? describe.skip(`${name} (skipped: ${missing})`, ...rest)
      : describe(name, ...rest)) as typeof describe
