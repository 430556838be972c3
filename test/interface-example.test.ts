/** The example that introduces the programming interface: the same for both engines. */
import { expect, test } from 'vitest'
import { State, StateError } from '../src/index.ts'
import { internalsOf } from '../src/state/state.ts'
import { describeEngines } from './kernel-state.fixture.ts'

const SOURCE = `
  function filter(header, payload)
    if acpi.get_temp(0) > 90 then return false end
    return tostring(payload):find('SSH', 1, true) ~= nil
  end
  count = 0
  function step() count = count + 1 return count end`

describeEngines('the example of the interface', (create) => {
  test('a script calls the program, and the program calls the script', async () => {
    using state = create({ memory: 1 << 20, fuel: 100_000, libraries: ['string', 'table'] })
    let temperature = 40
    state.register('acpi', { get_temp: async (cpu) => temperature + Number(cpu) })
    await state.load(SOURCE, { name: 'throttle.lua' })
    const call = () => state.call('filter', new Uint8Array(20), Buffer.from('SSH-2.0-x'))
    expect(await call()).toEqual([true])
    temperature = 95
    expect(await call()).toEqual([false])
    expect(state.getGlobal('math')).toBe(null)
  })

  test('calls in a sequence, locked', async () => {
    using state = create({})
    await state.load(SOURCE, { name: 'throttle.lua' })
    const results = await state.withLock(async () => {
      expect(() => state.lock()).toThrow(StateError)
      return [await state.call('step'), state.callSync('step')]
    })
    expect(results).toEqual([[1], [2]])
    state.lock()
    expect(state.callSync('step')).toEqual([3])
    state.unlock()
    state.unlock()
    expect(state.callSync('step')).toEqual([4])
    await expect(state.withLock(() => Promise.reject(new Error('no')))).rejects.toThrow('no')
    state.lock()
  })
})

test('a state that is released can be used by nobody here', () => {
  const state = new State()
  state.release()
  expect(() => state.callSync('print')).toThrow('it is closed')
  expect(internalsOf(state)).toBeDefined()
})
