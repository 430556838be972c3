import { describe, expect, test } from 'vitest'
import { SUBSYSTEMS } from '../subsystems/find.ts'
import {
  CEILINGS,
  callLimits,
  checkAsked,
  type HookLimits,
  limitsOf,
  optionTime,
  PROCESS,
  SOFTIRQ,
  USER,
} from './limits.ts'
import { defineSubsystem, type Hook, type UserHook } from './subsystem.ts'

const hooks = SUBSYSTEMS.flatMap((subsystem) => subsystem.hooks)
const named = (name: string) => hooks.find((hook) => hook.name === name) as Hook

describe('limits of hooks', () => {
  test('follow from where they run', () => {
    for (const name of ['netfilter/local-in', 'tc/egress', 'xdp', 'cgroup/ingress', 'cgroup/sock-ops'])
      expect([name, limitsOf(named(name))]).toEqual([name, SOFTIRQ])
    for (const name of ['cgroup/sysctl', 'cgroup/connect4', 'cgroup/device'])
      expect([name, limitsOf(named(name))]).toEqual([name, PROCESS])
    expect(limitsOf(named('cpufreq'))).toEqual(USER)
  })

  test('of every hook are within what its engine allows', () => {
    for (const hook of hooks) {
      const { fuel, deadline, wait } = limitsOf(hook)
      const ceilings = CEILINGS[hook.where]
      expect(fuel.most).toBeLessThanOrEqual(ceilings.fuel.most)
      expect(deadline.most).toBeLessThanOrEqual(ceilings.deadline.most)
      expect(wait).toBeLessThanOrEqual(ceilings.wait)
    }
  })

  test('hold as the hook has them, or as the state has been made', () => {
    const hook = named('xdp')
    expect(callLimits(hook, {})).toEqual({ fuel: 100_000, deadline: 10e6, wait: 100_000 })
    expect(callLimits(hook, { fuel: 7 })).toEqual({ fuel: 7, deadline: 10e6, wait: 100_000 })
    expect(callLimits(hook, { deadline: 20e6 })).toMatchObject({ fuel: 100_000, deadline: 20e6 })
  })

  test.each([
    [{ fuel: 1_000_001 }, /to xdp: a call is to execute 1,000,001 instructions, .* 1,000,000 at most/],
    [{ deadline: 20_000_001 }, /to xdp: a call is to take 20000001ns, .* 20ms at most/],
  ])('refuse what is over the ceiling of a hook: %j', (asked, message) => {
    expect(() => callLimits(named('xdp'), asked)).toThrow(message)
    expect(() => callLimits(named('xdp'), asked)).toThrow(
      expect.objectContaining({ code: 'BAD_OPTION', hint: expect.stringContaining('or less') }),
    )
  })

  test.each([
    ['kernel', { fuel: 10_000_001 }],
    ['kernel', { deadline: 100.5 }],
    ['user', { fuel: 1e9 + 1 }],
    ['user', { deadline: 60_001 }],
    ...[0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY].map((fuel) => ['user', { fuel }] as const),
    ...[0, -1, Number.NaN, Number.POSITIVE_INFINITY].map((deadline) => ['user', { deadline }] as const),
  ] as const)('refuse what no hook allows, at the making: %s %j', (engine, asked) => {
    expect(() => checkAsked(engine, asked)).toThrow(expect.objectContaining({ code: 'BAD_OPTION' }))
  })

  test.each([
    ['kernel', {}],
    ['kernel', { fuel: 10_000_000, deadline: 100 }],
    ['user', { fuel: 1e9, deadline: 0.005 }],
  ] as const)('take what some hook allows: %s %j', (engine, asked) => {
    expect(() => checkAsked(engine, asked)).not.toThrow()
  })

  test('of declarations are checked', () => {
    const hook: UserHook = { ...(named('cpufreq') as UserHook), name: 'bell' }
    const declare = (limits: HookLimits) =>
      defineSubsystem({ name: 'bell', summary: '', libraries: [], hooks: [{ ...hook, limits }] })
    expect(() => declare(USER)).not.toThrow()
    const { fuel, deadline } = USER
    for (const wrong of [
      { ...USER, fuel: { ...fuel, usual: 0 } },
      { ...USER, fuel: { ...fuel, most: 1e12 } },
      { ...USER, fuel: { usual: 2, most: 1 } },
      { ...USER, deadline: { ...deadline, most: 1e12 } },
      { ...USER, deadline: { ...deadline, usual: 0.5 } },
      { ...USER, wait: 1 },
      { ...USER, wait: -1 },
    ])
      expect(() => declare(wrong)).toThrow(/hook 'bell' (has|waits)/)
  })
})

test('times are written as options', () => {
  expect([1, 1500, 500_000, 10e6, 2e9].map(optionTime)).toEqual(['1ns', '1500ns', '500us', '10ms', '2s'])
})
