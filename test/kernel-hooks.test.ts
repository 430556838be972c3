/**
 * One hook of each family that is in the kernel, with real events: what its script refuses doesn't happen, what it allows
 * does, and detached it decides nothing any more. Runs on every kernel of `npm run test:kernels`, where the question is
 * whether the verifier takes a hook's program, and whether the kernel calls it.
 */
import { expect, test } from 'vitest'
import type { KernelHook } from '../src/hook/subsystem.ts'
import type { AttachOptions } from '../src/named/named-state.ts'
import { SUBSYSTEMS } from '../src/subsystems/find.ts'
import type { Device, Namespace } from '../tools/network/network.ts'
import { NamedStatesFixture } from './named-states.fixture.ts'
import { describeOnNetwork, makeNetwork } from './network.fixture.ts'

/** Milliseconds: in an emulated machine a program takes ten seconds and more to load. */
const TIMEOUT = 600_000

/** What causes an event at the hooks of a family. */
interface Trial {
  readonly attach: AttachOptions
  /** Whether the event happens. */
  happens(): boolean
}

const kernelHooks = SUBSYSTEMS.flatMap(({ hooks }) => hooks).filter((hook) => hook.where === 'kernel')
const familyOf = ({ name }: KernelHook): string => name.split('/', 1)[0] as string
const families = [...new Map(kernelHooks.toReversed().map((hook) => [familyOf(hook), hook]))]

describeOnNetwork('a hook of each family', ['bash', 'timeout'], () => {
  const fixture = new NamedStatesFixture()
  const network = makeNetwork()
  const client = network.namespace('client')
  const server = network.namespace('server')
  let cable: Device | undefined

  /** Whether a connection is refused by the other side, which takes a packet there and one back. */
  const isRefused = (from: Namespace, { ipv4 }: Device): boolean =>
    from.run(['timeout', '5', 'bash', '-c', `: < /dev/tcp/${ipv4}/7`]).exit === 1

  const connection =
    (target?: 'device') =>
    (hook: KernelHook): Trial => {
      cable ??= network.connect(client, server)[1]
      const there = cable
      const device = target && { target: there.name }
      // a packet that arrives passes none of the hooks for what leaves or passes through
      expect(hook.name).toMatch(/prerouting|ingress|^xdp$/)
      return { attach: { netns: server.name, ...device }, happens: () => isRefused(client, there) }
    }

  const trials: Readonly<Record<string, (hook: KernelHook) => Trial>> = {
    netfilter: connection(),
    tc: connection('device'),
    xdp: connection('device'),
    cgroup: () => ({ attach: { target: fixture.cgroup }, happens: () => fixture.read() !== '' }),
  }

  test.each(families)(
    '%s',
    async (family, hook) => {
      const trial = trials[family]?.(hook)
      if (trial === undefined) expect.fail(`nobody tries ${hook.name}: add the family to this test`)
      const state = await fixture.states.create(`family-${family}`, {})
      const name = hook.function
      try {
        const text = `allow = true function ${name}() return allow end`
        await state.load({ name: 'family.lua', text }, () => {})
        const decide = (allow: boolean) =>
          state.evaluate({ name: 'decide', text: `allow = ${allow}` }, () => {})
        await state.attach(hook.name, trial.attach)
        const seen = [trial.happens()]
        await decide(false)
        seen.push(trial.happens())
        await decide(true)
        seen.push(trial.happens())
        await decide(false)
        expect(await state.detach(hook.name)).toBe(1)
        seen.push(trial.happens())
        expect(seen).toEqual([true, false, true, true])
        expect((await state.describe()).errors).toBe(0)
      } finally {
        await state.destroy()
      }
    },
    TIMEOUT,
  )
})
