/** Whole collections of large heaps are done in pieces, so that the kernel never stops one for taking too long. */
import { expect, test } from 'vitest'
import { State } from '../src/index.ts'
import { COMMAND } from '../src/isa/layout.ts'
import { internalsOf } from '../src/state/state.ts'
import { instantiate } from '../src/state/user-engine.ts'
import { checkHeap } from './heap-check.ts'
import { describeEngines } from './kernel-state.fixture.ts'

const MEMORY = 64 << 20
/** About 30 MB in 400,000 objects. */
const FILL = 'keep = {} for i = 1, 200000 do keep[i] = { i, tostring(i) .. "/" } end'

test('a whole collection gives others a turn', () => {
  let slices = 0
  const state = new State({ memory: MEMORY, slice: 1e9 }, (bytes) => {
    const instance = instantiate(bytes)
    return {
      ...instance,
      enter(command, a, b) {
        if (command === COMMAND.RUN) slices++
        return instance.enter(command, a, b)
      },
    }
  })
  state.loadSync(FILL)
  slices = 0
  state.loadSync('collectgarbage()')
  expect(slices).toBeGreaterThan(5)
  // pieces of a small heap would only cost time
  state.loadSync('keep = nil collectgarbage() collectgarbage()')
  slices = 0
  state.loadSync('collectgarbage()')
  expect(slices).toBeLessThan(5)
  state.close()
})

describeEngines(
  'a large heap',
  (make) => {
    test('is collected, explicitly and where memory runs out', () => {
      const state = make({ memory: MEMORY, seed: 1 })
      state.loadSync(FILL)
      const { used } = state.memory
      const [kept, freed] = state.loadSync(`
      collectgarbage()
      local before = #keep
      for i = 1, 150000 do keep[i] = false end
      collectgarbage()
      return before, collectgarbage('count') * 1024`)
      expect(kept).toBe(200000)
      expect(freed).toBeLessThan(used / 2)
      // garbage many times the memory, in blocks that are only had after a collection
      state.loadSync('for i = 1, 40 do local s = string.rep("x", 20000000 + i) end')
      expect(checkHeap(internalsOf(state).memory)).toEqual([])
      state.close()
    })
  },
  MEMORY,
)
