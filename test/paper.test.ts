/**
 * What the paper shows of a scriptable operating system, as one piece: with the command, a script is loaded into a
 * state in the kernel, a subsystem calls it, the state is changed while it is called, the script fails, and the state
 * is destroyed.
 */
import { expect, test } from 'vitest'
import { describeInKernel } from '../src/kernel/kernel.fixture.ts'
import { NamedStatesFixture } from './named-states.fixture.ts'

const TIMEOUT = 120_000

const SCRIPT = `
up = 90
denied = 0

function limit() return up end

function sysctl(write, position)
  if ctl.name() ~= 'kernel/ostype' then return true end
  if broken then error('no idea of ' .. ctl.name()) end
  if limit() < 95 then return true end
  denied = denied + 1
  return false
end
print('watching from ' .. up)
`

describeInKernel('the operation of the paper', () => {
  const fixture = new NamedStatesFixture()

  test(
    'a state is scripted, called, changed, fails, and is destroyed',
    () => {
      const { cgroup } = fixture
      const script = fixture.file('guard.lua', SCRIPT)
      const figures = () => JSON.parse(fixture.done('show', 'guard', '--json'))
      const isAllowed = () => fixture.read() === 'Linux'

      // a state, and a script in it; nothing calls it yet
      fixture.done('create', 'guard', '--kernel', '--description', 'sysctls of a group')
      expect(fixture.done('load', 'guard', script)).toBe('watching from 90\n')
      expect(figures()).toMatchObject({
        name: 'guard',
        engine: 'kernel',
        status: 'ready',
        calls: 0,
        hooks: [],
      })

      // the subsystem calls it, and does what it says
      fixture.done('attach', 'guard', 'cgroup/sysctl', '--cgroup', cgroup, '--default', 'deny')
      expect(isAllowed()).toBe(true)
      expect(figures()).toMatchObject({ calls: 1, errors: 0, fallbacks: 0 })

      // a global is changed, and then a function, while it is attached
      fixture.done('eval', 'guard', 'up = 95')
      expect(fixture.done('eval', 'guard', 'up')).toBe('95\n')
      expect(isAllowed()).toBe(false)
      expect(fixture.done('eval', 'guard', 'denied')).toBe('1\n')
      fixture.done('eval', 'guard', 'function limit() return up - 1 end')
      expect(isAllowed()).toBe(true)
      expect(figures()).toMatchObject({ calls: 3, hooks: [{ name: 'cgroup/sysctl', target: cgroup }] })

      // the script fails: the default takes over; others are not concerned
      fixture.done('eval', 'guard', 'broken = true')
      expect([isAllowed(), isAllowed(), fixture.read('/proc/sys/kernel/osrelease')]).toEqual([
        false,
        false,
        expect.stringMatching(/^\d/),
      ])
      expect(figures()).toMatchObject({
        calls: 6,
        errors: 2,
        fallbacks: 2,
        hooks: [{ fallbacks: { error: 2 } }],
      })
      const log = fixture.done('log', 'guard')
      expect(log).toMatch(
        /watching from 90\n.*guard\.lua:9: no idea of kernel\/ostype\n +\| stack traceback:\n( +\| .*\n)+ += 2 times\n/,
      )

      // it goes, and the hook with it
      fixture.done('destroy', 'guard')
      expect(isAllowed()).toBe(true)
      expect(fixture.run('show', 'guard')).toMatchObject({
        exit: 1,
        err: expect.stringContaining('none of this name'),
      })
      expect(fixture.done('list', '--json')).toBe('[]\n')
    },
    TIMEOUT,
  )
})
