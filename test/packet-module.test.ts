/** The module packet is there in every state with the library package, and takes nothing from the others. */
import { expect, test } from 'vitest'
import { LIBRARIES, State } from '../src/index.ts'
import { REFERENCE } from '../src/isa/reference/index.ts'
import { describeEngines } from './kernel-state.fixture.ts'

const NAMES = `local module, n = require(...), {}
for name in pairs(module) do n[#n + 1] = name end
table.sort(n)
return table.concat(n, ' ')`

describeEngines('built-in modules', (create) => {
  test.each(['packet'])('%s has what is described', async (name) => {
    const state = await create({ libraries: LIBRARIES })
    const [names] = await state.load(NAMES, { args: [name] })
    const { functions, values } = REFERENCE[name] as (typeof REFERENCE)[string]
    expect(String(names).split(' ')).toEqual([...Object.keys(functions), ...Object.keys(values ?? {})].sort())
  })

  test('a module is loaded once, after package.preload and before files', async () => {
    const state = await create({ readFile: () => Buffer.from('return "a file"') })
    const script = `local packet, where = require 'packet'
      return packet == require 'packet' and package.loaded.packet == packet, where, (require 'other')`
    expect(await state.load(script)).toEqual([true, ':built-in:', 'a file'])
    const second = await create({ libraries: LIBRARIES })
    const preload = `package.preload.packet = function(...) return 'mine' end return require 'packet'`
    expect(await second.load(preload)).toEqual(['mine', ':preload:'])
  })

  test('what is not built in is searched as before', async () => {
    const state = await create({ libraries: LIBRARIES })
    const [, message] = await state.load(`return pcall(require, 'prelude')`)
    expect(message).toBe(
      "module 'prelude' not found:\n\tno field package.preload['prelude']\n\tno file can be read here",
    )
  })

  test('it names the library that it needs', async () => {
    const state = await create({ libraries: ['package', 'string'] })
    expect(await state.load(`return pcall(require, 'packet')`)).toEqual([
      false,
      "module 'packet' needs the library 'data'",
    ])
  })

  test('a state without room for it raises, and goes on', async () => {
    const state = await create({ memory: 1 << 16, libraries: ['package', 'string', 'data'] })
    expect(await state.load(`return pcall(require, 'packet')`)).toEqual([false, 'not enough memory'])
    expect(await state.load(`return package.loaded.packet, #string.rep('x', 1000)`)).toEqual([null, 1000])
  })
})

test('a state pays for it when it requires it, and not more than said', () => {
  const used = (source: string): number => {
    const state = new State({ seed: 1, libraries: LIBRARIES })
    state.loadSync(`${source} collectgarbage() collectgarbage()`)
    const { used } = state.memory
    state.close()
    return used
  }
  const taken = used(`require 'packet'`) - used('')
  expect(taken).toBeGreaterThan(10_000)
  expect(taken).toBeLessThan(24_000)
})
