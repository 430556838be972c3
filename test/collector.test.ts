/**
 * The collector between a script's instructions: large tables, which it visits in parts, and coroutines, which it
 * visits once unless they run, change while a cycle goes on. What is reachable stays, and the heap is sound.
 */
import { expect, test } from 'vitest'
import { COMMAND, G, PHASE } from '../src/isa/layout.ts'
import { internalsOf, type State } from '../src/state/state.ts'
import { checkHeap } from './heap-check.ts'
import { describeEngines } from './kernel-state.fixture.ts'

/** Every change stores a new object, which nothing else refers to; `check` compares with integers kept beside. */
const SCRIPT = `
local list, numbers, fields, count = {}, {}, {}, 0
for i = 1, 3000 do list[i], numbers[i] = {i}, i end
for i = 1, 1500 do fields['field' .. i] = {i} end
local sleepers = {}
for i = 1, 60 do
  sleepers[i] = coroutine.wrap(function(held)
    local given = coroutine.yield()
    while true do
      local old = held[1]
      held = {given}
      given = coroutine.yield(old)
    end
  end)
  sleepers[i]({i})
end
function change(n)
  local i = n * 7919 % #list + 1
  list[i], numbers[i] = {n}, n
  table.insert(list, i // 2 + 1, {-n}) table.insert(numbers, i // 2 + 1, -n)
  table.remove(list, i // 3 + 1) table.remove(numbers, i // 3 + 1)
  fields['field' .. n % 1500 + 1] = nil
  fields['more' .. n] = {n}
  if n > 1500 then fields['more' .. n - 1500] = nil end
  list[#list + 1], numbers[#numbers + 1] = 'text' .. n, n
  local k = n % #sleepers + 1
  sleepers[k](n)
end
function check(n)
  for i = 1, #numbers do
    local v = list[i]
    assert((type(v) == 'table' and v[1] or tonumber(v:sub(5))) == numbers[i], i)
  end
  for key, v in pairs(fields) do assert(key == 'more' .. v[1] or key == 'field' .. v[1], key) end
  for i = n - 1400 > 1 and n - 1400 or 1, n do assert(fields['more' .. i][1] == i, i) end
  for k = 1, #sleepers do
    local last = n - (n - k + 1) % #sleepers
    assert(sleepers[k](0) == last, k)
  end
  return #list
end
`
const CHANGES = 4000

function collected(state: State): readonly string[] {
  const { memory, enter } = internalsOf(state)
  for (let i = 0; i < 2; i++) while (enter(COMMAND.COLLECT, 0, 0) === 0);
  return checkHeap(memory)
}

describeEngines(
  'the collector',
  (create) => {
    test.each([64, 1024, 8192])(
      'keeps what large tables and coroutines get during a cycle, in steps of %i bytes',
      async (step) => {
        using state = await create({ memory: 2 << 20, fuel: 100_000_000, seed: 1 })
        const { memory } = internalsOf(state)
        memory.setWord(G.GC_STEP, step)
        state.loadSync(SCRIPT, { name: 'collector' })
        const cycles = memory.word(G.GC_COUNT)
        let parts = 0
        for (let n = 1; n <= CHANGES; n++) {
          state.callSync('change', n)
          if (memory.word(G.GC_PART) !== 0) parts++
        }
        expect(parts).toBeGreaterThan(0)
        expect(memory.word(G.GC_COUNT)).toBeGreaterThan(cycles)
        expect(state.callSync('check', CHANGES)).toEqual([3000 + CHANGES])
        expect(collected(state)).toEqual([])
      },
    )

    test('needs no whole collection while half of the memory is free', async () => {
      using state = await create({ memory: 1 << 20, fuel: 100_000_000, seed: 1 })
      const { memory } = internalsOf(state)
      state.loadSync(
        `local live = {} for i = 1, 4500 do live[i] = {id = i} end
       function churn(n) local t = {n} return {n, t} and n end`,
        { name: 'churn' },
      )
      let whole = 0
      for (let n = 1; n <= 20_000; n++) {
        const before = memory.word(G.GC_PHASE)
        const count = memory.word(G.GC_COUNT)
        state.callSync('churn', n)
        // a step ends a cycle in its last phase alone
        if (memory.word(G.GC_COUNT) !== count && before !== PHASE.SWEEP) whole++
      }
      expect(whole).toBe(0)
    })
  },
  2 << 20,
)
