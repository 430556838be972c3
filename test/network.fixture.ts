/**
 * Tests on networks of their own (tools/network): real programs send real packets. Without root, network namespaces or
 * one of the programs they skip and say so; in CI as root everything has to be there.
 */

import process from 'node:process'
import { afterAll, describe, expect, test } from 'vitest'
import { describeInKernel } from '../src/kernel/kernel.fixture.ts'
import { Network } from '../tools/network/network.ts'
import { missingFor } from '../tools/network/required-programs.ts'
import { describeUnless } from './needs.fixture.ts'

const mustRun = process.env.CI === 'true' && process.getuid?.() === 0

/** Milliseconds for a test in which programs talk, on a busy machine too. */
export const PATIENCE = 60_000

/** A group of tests in which these programs send packets, and programs in the kernel see them. */
export function describeOnNetwork(name: string, programs: readonly string[], body: () => void): void {
  const missing = missingFor(programs)
  if (missing === undefined) describeInKernel(name, body)
  else if (mustRun)
    describe(name, () => test('runs in CI as root', () => expect.fail(`this machine lacks it: ${missing}`)))
  else describeUnless(missing)(name, body)
}

/** A network that lives as long as the group of tests. */
export function makeNetwork(): Network {
  const network = new Network()
  afterAll(() => network.remove(), PATIENCE)
  return network
}
