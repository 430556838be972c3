import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { HookCall, UserHook } from '../hook/subsystem.ts'
import { LinuxMachine } from './linux-machine.ts'
import { cpufreqSubsystem } from './subsystem.ts'
import { SysfsTree } from './sysfs-tree.fixture.ts'

/** The hook over a tree, with a period that a test ends by itself. */
function hooked(call: HookCall, target = '5ms') {
  const tree = new SysfsTree()
  const folder = mkdtempSync(join(tmpdir(), 'moonring-subsystem-'))
  let due = () => {}
  const clock = {
    now: () => 0,
    after: (_: number, action: () => void) => {
      due = action
      return () => {
        due = () => {}
      }
    },
  }
  const log: string[] = []
  const options = { stateFile: join(folder, 'state.json'), pid: 42, clock }
  const { hooks } = cpufreqSubsystem(new LinuxMachine(tree), options)
  const hook = hooks[0] as UserHook
  const attach = () => hook.attach(call, target, (problem) => log.push(problem))
  return { tree, log, attach, period: () => due(), remove: () => rmSync(folder, { recursive: true }) }
}

test('it calls for one policy after the other, and falls back where the verdict says so', async () => {
  const asked: unknown[][] = []
  const answers: ((verdict: number) => void)[] = []
  const call: HookCall = (...args) => {
    asked.push([...args])
    return new Promise((resolve) => answers.push(resolve))
  }
  const { tree, log, attach, period, remove } = hooked(call)
  const attachment = await attach()
  tree.spend(0, 1, 0)
  tree.spend(1, 1, 0)
  period()
  expect(asked).toEqual([[0, 1_800_000, 3_000_000, 800_000]])
  answers[0]!(0)
  await nextTurn()
  expect(asked).toHaveLength(2)
  answers[1]!(1)
  await nextTurn()
  expect(tree.policies.map(({ current }) => current)).toEqual([1_800_000, 3_000_000])
  expect(attachment.figures!()).toEqual({
    policies: 'policy0 policy1',
    period: 5,
    fallbacks: 1,
    refused: 0,
    skipped: 0,
  })
  period()
  await attachment.detach()
  answers[2]!(0)
  await nextTurn()
  expect(asked).toHaveLength(3)
  expect(log).toEqual([])
  expect(tree.policies.map(({ governor }) => governor)).toEqual(['schedutil', 'schedutil'])
  remove()
})

test('what happens to policies meanwhile is reported', async () => {
  const { tree, log, attach, period, remove } = hooked(async () => 0)
  const attachment = await attach()
  tree.policies[0]!.governor = 'performance'
  period()
  expect(log).toEqual(['policy0 has the governor performance now: it is left alone'])
  await attachment.detach()
  expect(tree.policies.map(({ governor }) => governor)).toEqual(['performance', 'schedutil'])
  remove()
})

test.each(['0', 'soon', '5s', '-1', '60001'])("'%s' is no sampling period", (target) => {
  const { attach, tree, remove } = hooked(async () => 0, target)
  expect(attach).toThrow(/Cannot use '.*' as a sampling period/)
  expect(tree.policies[0]!.governor).toBe('schedutil')
  remove()
})
