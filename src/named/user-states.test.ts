import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { defineSubsystem, type HookCall, type Report, type Subsystem } from '../hook/subsystem.ts'
import type { UserState } from './user-state.ts'
import { UserStates } from './user-states.ts'

/** A hook that the test calls, and libraries that answer late, or with what Lua has no value for. */
class Doorbell {
  call: HookCall = async () => -1
  report: Report = () => {}
  target = ''
  detached = 0
  /** Calls of `door.wait` that have ended. */
  waits = 0
  readonly subsystem: Subsystem = defineSubsystem({
    name: 'doorbell',
    summary: 'rings',
    hooks: [
      {
        where: 'user',
        name: 'doorbell',
        summary: 'somebody rings: ring(times)',
        function: 'ring',
        verdicts: {
          named: { open: 1, stay: 0, shout: 2 },
          onTrue: 'open',
          onFalse: 'stay',
          onNil: 'stay',
          onFailure: 'stay',
        },
        attach: (call, target, report) => {
          this.report = report
          if (target === 'nowhere') throw new Error('there is no such door')
          this.call = call
          this.target = target
          return {
            detach: () => {
              this.detached++
            },
            figures: () => ({ rings: 7 }),
          }
        },
      },
    ],
    libraries: [
      {
        name: 'door',
        functions: {
          wait: {
            signature: 'door.wait(ms: integer): integer',
            summary: 'waits',
            user: async (ms) => {
              await delay(Number(ms))
              this.waits++
              return Number(ms)
            },
          },
          half: { signature: 'door.half(): nothing', summary: 'fails', user: () => 0.5 },
        },
      },
    ],
  })
}

const script = (text: string) => ({ name: 'test.lua', text })

async function printed(state: UserState, text: string): Promise<string> {
  const pieces: Uint8Array[] = []
  await state.evaluate(script(text), (piece) => pieces.push(piece.slice()))
  return Buffer.concat(pieces).toString()
}

const failing = (code: string) => expect.objectContaining({ name: 'StateError', code })

test('states are made, found, listed and destroyed', async () => {
  const states = new UserStates()
  const state = await states.create('one', { memory: 1 << 17, description: 'first', libraries: ['string'] })
  await expect(states.create('one', {})).rejects.toEqual(failing('EXISTS'))
  await expect(states.create('a/b', {})).rejects.toEqual(failing('BAD_NAME'))
  await expect(states.create('two', { perCpu: true })).rejects.toEqual(failing('BAD_OPTION'))
  await expect(states.create('two', { memory: 1 })).rejects.toEqual(failing('BAD_OPTION'))
  await expect(states.create('two', { description: 'x'.repeat(200) })).rejects.toEqual(failing('BAD_OPTION'))
  expect(await states.list()).toMatchObject([
    {
      name: 'one',
      engine: 'user',
      status: 'ready',
      description: 'first',
      libraries: ['string'],
      replicas: 1,
    },
  ])
  expect((await states.list())[0]?.memory.limit).toBe(1 << 17)
  expect(await states.open('two')).toBeUndefined()
  const again = await states.open('one')
  await again?.load(script('up = 95'), () => {})
  expect(await printed(state, 'return up, table')).toBe('95\tnil\n')
  await again?.destroy()
  await expect(state.describe()).rejects.toEqual(failing('NO_STATE'))
  await expect(state.load(script('up = 1'), () => {})).rejects.toEqual(failing('NO_STATE'))
  expect(await states.destroy('one')).toBe(false)
  expect(await states.list()).toEqual([])
  await states.create('one', {})
})

test('what scripts print is shown and logged; finalizers run at the end', async () => {
  const states = new UserStates()
  const state = await states.create('talks')
  expect(await printed(state, "print('said') return 'result'")).toBe('said\nresult\n')
  const { records, next } = await state.log()
  expect(records.map(({ text, kind }) => [text, kind])).toEqual([['said\n', 'output']])
  expect((await state.log(next)).records).toEqual([])
  expect(await state.fields('string')).toContainEqual({ name: 'rep', callable: true })

  const door = new Doorbell()
  let rung = 0
  const subsystems = [
    {
      ...door.subsystem,
      libraries: [
        { name: 'bell', functions: { rung: { signature: '()', summary: '', user: () => void rung++ } } },
      ],
    },
  ]
  const others = new UserStates({ subsystems })
  const dying = await others.create('dying')
  await dying.attach('doorbell', { later: true })
  await dying.load(script('kept = setmetatable({}, { __gc = bell.rung })'), () => {})
  await others.close()
  expect([rung, door.detached]).toEqual([1, 1])
})

test('those who use a state take turns, and interrupt what is their own', async () => {
  const states = new UserStates()
  const one = await states.create('shared')
  const two = (await states.open('shared')) as UserState
  const endless = one.load(script('while true do end'), () => {})
  const waiting = two.evaluate(script('return 1'), () => {})
  const third = (await states.open('shared')) as UserState
  const patient = printed(third, "return 'mine'")
  await delay(30)
  two.interrupt()
  await expect(waiting).rejects.toThrow('interrupted!')
  one.interrupt()
  await expect(endless).rejects.toThrow('interrupted!')
  expect(await patient).toBe('mine\n')
})

test('a state that is in use for too long is busy', async () => {
  const states = new UserStates()
  const one = await states.create('shared')
  const endless = one.load(script('while true do end'), () => {})
  await expect(states.destroy('shared')).rejects.toEqual(failing('BUSY'))
  one.close()
  await expect(endless).rejects.toThrow('interrupted!')
  expect(await states.destroy('shared')).toBe(true)
})

test('a hook calls the function, and its failures take the default verdict', async () => {
  const door = new Doorbell()
  const problems: string[] = []
  const states = new UserStates({ subsystems: [door.subsystem], report: (problem) => problems.push(problem) })
  const state = await states.create('house', { fuel: 10_000 })
  await expect(state.attach('doorbel')).rejects.toEqual(failing('NO_HOOK'))
  await expect(state.attach('cgroup/sysctl')).rejects.toEqual(failing('BAD_OPTION'))
  await expect(state.attach('doorbell', { default: 'run' })).rejects.toEqual(failing('BAD_OPTION'))
  await expect(state.attach('doorbell')).rejects.toThrow("the state has no function 'ring'")
  await expect(state.attach('doorbell', { later: true, target: 'nowhere' })).rejects.toThrow('no such door')
  expect((await state.describe()).libraries).not.toContain('door')
  expect((await state.describe()).hooks).toEqual([])
  expect(await printed(state, 'return door')).toBe('nil\n')

  await state.attach('doorbell', { later: true, target: 'front', default: 'shout' })
  expect(door.target).toBe('front')
  await state.load(
    script(`
      function ring(n)
        if n == 1 then return true elseif n == 2 then return false elseif n == 3 then error('three') end
        if n == 4 then while true do end elseif n == 5 then return 'nonsense' end
        if n == 6 then return door.wait(5) == 5 elseif n == 7 then door.half() end
        return n == 'eight'
      end`),
    () => {},
  )
  const verdicts: number[] = []
  for (const n of [1, 2, 3, 4, 5, 6, 7, 'eight']) verdicts.push(await door.call(n))
  expect(verdicts).toEqual([1, 0, 2, 2, 2, 1, 2, 1])
  const [hook] = (await state.describe()).hooks
  expect(hook).toMatchObject({
    name: 'doorbell',
    target: 'front',
    function: 'ring',
    default: 'shout',
    calls: 8,
    errors: 4,
    fallbacks: { error: 2, fuel: 1, nonsense: 1, contended: 0 },
    own: { rings: 7 },
  })
  door.report('the bell is loose')
  expect(problems).toEqual(["state 'house', hook doorbell: the bell is loose"])
  const texts = (await state.log()).records.map(({ text }) => text)
  expect(texts).toContainEqual(expect.stringContaining('test.lua:3: three'))
  expect(texts).toContainEqual(expect.stringContaining('the result of door.half: it is 0.5'))

  expect(await state.detach('other')).toBe(0)
  expect(await state.detach()).toBe(1)
  expect([door.detached, await door.call(1)]).toEqual([1, 2])
  expect((await state.describe()).hooks).toEqual([])
  const stale = door.call
  await state.attach('doorbell', { later: true })
  expect([await stale(1), await door.call(1)]).toEqual([2, 1])
})

test('a hook that finds the state in use is contended; scripts wait for hooks', async () => {
  const door = new Doorbell()
  const states = new UserStates({ subsystems: [door.subsystem] })
  const state = await states.create('house')
  await state.attach('doorbell', { later: true })
  await state.load(script('function ring(n) if n > 0 then door.wait(n) end return true end'), () => {})

  const busy = state.load(script('door.wait(20)'), () => {})
  expect(await door.call(0)).toBe(0)
  expect(door.waits).toBe(0) // the hook hasn't waited for its end
  await busy
  const slow = door.call(30)
  expect(await door.call(0)).toBe(0)
  expect(await printed(state, 'return 1')).toBe('1\n')
  expect(await slow).toBe(1)
  expect(await door.call(0)).toBe(1)
  const [hook] = (await state.describe()).hooks
  expect(hook?.fallbacks.contended).toBe(2)
  expect(hook?.calls).toBe(4)
})

test('a state may be destroyed while it is being attached', async () => {
  const door = new Doorbell()
  let go = () => {}
  const [hook] = door.subsystem.hooks
  const slow: Subsystem = {
    ...door.subsystem,
    hooks: [
      {
        ...(hook as Extract<typeof hook, { where: 'user' }>),
        attach: () =>
          new Promise((resolve) => {
            go = () => resolve({ detach: () => void door.detached++ })
          }),
      },
    ],
  }
  const states = new UserStates({ subsystems: [slow] })
  const state = await states.create('house')
  const attached = state.attach('doorbell', { later: true })
  await delay(5)
  await states.destroy('house')
  go()
  await expect(attached).rejects.toEqual(failing('NO_STATE'))
  expect(door.detached).toBe(1)
})
