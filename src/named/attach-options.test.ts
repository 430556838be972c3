/** Each option of each hook: taken where it means something, refused by name where it doesn't. */
import { describe, expect, test } from 'vitest'
import type { Hook, KernelHook } from '../hook/subsystem.ts'
import { MATCH_WORDS } from '../packet/match.ts'
import { SUBSYSTEMS } from '../subsystems/find.ts'
import { ATTACH_OPTIONS, checkAttachOptions, type OptionName } from './attach-options.ts'
import type { AttachOptions } from './named-state.ts'

const HOOKS = SUBSYSTEMS.flatMap(({ hooks }) => hooks)
const hookOf = (name: string) => HOOKS.find((hook) => hook.name === name) as Hook

/** An option alone, with a value of its kind. */
function optionsWith(name: OptionName): AttachOptions {
  const value = { text: 'tcp', integer: 7, flag: true }[ATTACH_OPTIONS[name].value]
  const isMatch = (MATCH_WORDS as readonly string[]).includes(name)
  return isMatch ? { match: { [name]: value } } : { [name]: value }
}

function refusal(hook: Hook, options: object): { message: string; hint: string; code: string } {
  try {
    checkAttachOptions(hook, options)
  } catch (error) {
    const { message, hint = '', code } = error as { message: string; hint?: string; code: string }
    return { message, hint, code }
  }
  return { message: '', hint: '', code: '' }
}

/** By whom the options are taken that not every hook takes. */
const TAKEN: Readonly<Record<string, (hook: KernelHook) => boolean>> = {
  cgroup: ({ target }) => target === 'cgroup',
  device: ({ target }) => target === 'device',
  netns: ({ target }) => target !== 'cgroup',
  priority: ({ target, name }) => target !== 'cgroup' && name !== 'xdp',
  rules: ({ packet }) => packet !== undefined,
  proto: ({ packet }) => packet !== undefined,
  mark: ({ packet }) => packet === 'netfilter' || packet === 'tc',
  in: ({ packet, name }) => packet !== undefined && name !== 'netfilter/local-out',
  out: ({ name }) =>
    ['tc/egress', 'netfilter/forward', 'netfilter/local-out', 'netfilter/postrouting'].includes(name),
}

describe.each(HOOKS.map((hook) => [hook.name, hook] as const))('%s', (_, hook) => {
  test.each(Object.entries(TAKEN))('--%s', (name, isTaken) => {
    const { message, hint, code } = refusal(hook, optionsWith(name as OptionName))
    const flag = ATTACH_OPTIONS[name as OptionName].flags.split(' ')[0] as string
    if (hook.where === 'kernel' && isTaken(hook)) return expect(message).toBe('')
    expect([message, code]).toEqual([
      `Cannot attach to ${hook.name}: it has no use for ${flag}`,
      'BAD_OPTION',
    ])
    expect(hint.split(/[ ,]+/)).toEqual(expect.arrayContaining(['--call', '--default', '--later']))
    expect(hint.split(/[ ,]+/)).not.toContain(flag)
  })

  test('what the error names is taken', () => {
    const [other] = hook.where === 'user' ? (['device'] as const) : (['cgroup', 'device'] as const)
    const wrong = hook.where === 'kernel' && hook.target === 'cgroup' ? 'device' : other
    const { hint } = refusal(hook, { [wrong]: 'x' })
    const flags = hint.match(/--[a-z]+/g) as string[]
    for (const [name, { flags: text }] of Object.entries(ATTACH_OPTIONS))
      expect([
        name,
        refusal(hook, optionsWith(name as OptionName)).message === '' || name === 'target',
      ]).toEqual([name, flags.includes(text.split(' ')[0] as string) || name === 'target'])
  })
})

test('options that nobody knows, of a wrong type, or that are given twice', () => {
  const hook = hookOf('tc/ingress')
  const known =
    'the options are function, later, default, cgroup, device, target, netns, priority, rules, match, note'
  for (const [options, reason, hint] of [
    [{ prioritty: 1 }, ": there is no option 'prioritty'", "did you mean 'priority'?"],
    [{ match: { dprt: '22' } }, " with this match: there is no option 'dprt'", "did you mean 'dport'?"],
    [{ constructor: 'x' }, ": there is no option 'constructor'", known],
    [{ dport: '22' }, ": there is no option 'dport'", known],
    [{ priority: '10' }, ": priority is '10', not an integer", ''],
    [{ priority: 0.5 }, ': priority is 0.5, not an integer', ''],
    [{ function: 123 }, ': function is 123, not a string', ''],
    [{ match: { dport: 22 } }, ' with this match: dport is 22, not a string', ''],
    [{ match: '22' }, ": match is '22', not an object", ''],
    [{ match: ['22'] }, ': match is an array, not an object', ''],
    [{ note: 'x' }, ": note is 'x', not a function", ''],
    [{ rules: 'yes' }, ": rules is 'yes', not true or false", ''],
    [{ later: null }, ': later is null, not true or false', ''],
    ['priority', ": its options are 'priority', not an object", ''],
    [null, ': its options are null, not an object', ''],
    [{ device: 'a', target: 'b' }, ': it is told twice what to attach to', ''],
  ] as const)
    expect(refusal(hook, options as object)).toEqual({
      message: `Cannot attach to tc/ingress${reason}`,
      hint,
      code: 'BAD_OPTION',
    })
})

test('the target stands for the option of its kind', () => {
  expect(checkAttachOptions(hookOf('tc/ingress'), { target: 'a', default: undefined as never })).toEqual({
    default: undefined,
    target: 'a',
  })
  expect(checkAttachOptions(hookOf('tc/ingress'), { device: 'a' })).toEqual({ target: 'a' })
  expect(checkAttachOptions(hookOf('cgroup/device'), { cgroup: 'a' })).toEqual({ target: 'a' })
  expect(checkAttachOptions(hookOf('cpufreq'), { target: '20ms' })).toEqual({ target: '20ms' })
})
