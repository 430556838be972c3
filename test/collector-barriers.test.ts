/**
 * Every way in which a script gives an object a reference, at every point of a cycle: what a black object gets is
 * marked, or the object is visited again. One change for each call, and one step of the collector.
 */
import { describe, expect, test } from 'vitest'
import { COMMAND, G, PHASE } from '../src/isa/layout.ts'
import { internalsOf, State } from '../src/state/state.ts'
import { checkHeap } from './heap-check.ts'
import { checkMarking } from './marking-check.ts'

const CALLS = 300

/** `change(n)` makes a change; `fresh(n)` makes an object, and `check(n)`, called at the end, looks at what is left. */
const WAYS: Readonly<Record<string, string>> = {
  'a variable of a function': `
local v = {} function change(n) v = fresh(n) end function check(n) assert(v[1] == n) end`,
  'a variable of a coroutine that is suspended': `
local set, get
local co = coroutine.wrap(function() local v = {} set = function(x) v = x end get = function() return v end
  coroutine.yield() end)
co()
function change(n) set(fresh(n)) end function check(n) assert(get()[1] == n) end`,
  'a variable whose block ends': `
local last = {}
function change(n)
  local f do local v = {} f = function() return v end last[n % 8] = f v = fresh(n) end
end
function check(n) assert(last[n % 8]()[1] == n) end`,
  'debug.setupvalue': `
local v = {} local function f() return v end
function change(n) debug.setupvalue(f, 1, fresh(n)) end function check(n) assert(f()[1] == n) end`,
  'debug.upvaluejoin': `
local a = {} local function f() return a end
function change(n) local b = fresh(n) debug.upvaluejoin(f, 1, function() return b end, 1) end
function check(n) assert(f()[1] == n) end`,
  'debug.setlocal in a coroutine': `
local co = coroutine.create(function() local v = {} coroutine.yield() while true do coroutine.yield(v) end end)
coroutine.resume(co)
function change(n) debug.setlocal(co, 1, 1, fresh(n)) end
function check(n) local _, v = coroutine.resume(co) assert(v[1] == n) end`,
  'debug.sethook of a coroutine': `
local co = coroutine.create(function() coroutine.yield() end)
coroutine.resume(co)
function change(n) local t = fresh(n) debug.sethook(co, function() return t end, 'c') end
function check(n) assert(debug.gethook(co)()[1] == n) end`,
  'a coroutine that runs now and then': `
local co = coroutine.wrap(function(v) while true do v = coroutine.yield(v) or v end end)
function change(n) co(fresh(n)) end function check(n) assert(co()[1] == n) end`,
  'the error of a coroutine': `
local all = {} for i = 0, 7 do all[i] = coroutine.create(function() coroutine.yield() error({i}) end) end
function change(n)
  local co = all[n % 8]
  if coroutine.status(co) == 'dead' then
    local fine, e = coroutine.close(co) assert(not fine and e[1] == n % 8, n)
    all[n % 8] = coroutine.create(function() coroutine.yield() error({n % 8}) end)
  end
  coroutine.resume(all[n % 8]) return fresh(n)
end
function check() end`,
  setmetatable: `
local t = {} function change(n) setmetatable(t, fresh(n)) end function check(n) assert(getmetatable(t)[1] == n) end`,
  'setmetatable of a weak table': `
local t = setmetatable({}, {__mode = 'k'})
function change(n) local m = fresh(n) m.__mode = 'k' setmetatable(t, m) end
function check(n) assert(getmetatable(t)[1] == n) end`,
  'debug.setmetatable of a type': `
function change(n) debug.setmetatable(1, fresh(n)) debug.setmetatable(nil, {__index = fresh(n)}) end
function check(n) assert(getmetatable(1)[1] == n and (nil)[1] == n) end`,
  'a field': `
local t = {} function change(n) t.x = fresh(n) end function check(n) assert(t.x[1] == n) end`,
  'a field that is new': `
local t = {} function change(n) t['x' .. n] = fresh(n) t['x' .. n - 5] = nil end
function check(n) for i = n - 4, n do assert(t['x' .. i][1] == i) end end`,
  'a key': `
local t = {} function change(n) for k in pairs(t) do t[k] = nil end t[fresh(n)] = n end
function check(n) local k, v = next(t) assert(k[1] == n and v == n) end`,
  'a global': `
function change(n) g = fresh(n) end function check(n) assert(g[1] == n) end`,
  'an element': `
local t = {0, 0} function change(n) t[2] = fresh(n) t[n % 2 + 1] = fresh(n) end
function check(n) assert(t[n % 2 + 1][1] == n) end`,
  'an element that is appended': `
local t = {} function change(n) if n % 50 == 0 then t = {} end t[#t + 1] = fresh(n) end
function check(n) assert(t[#t][1] == n) end`,
  'an element of a large table': `
local t = {} for i = 1, 2000 do t[i] = i end
function change(n) t[n * 37 % 2000 + 1] = fresh(n) end function check(n) assert(t[n * 37 % 2000 + 1][1] == n) end`,
  'a new field of a large table': `
local t = {} for i = 1, 600 do t['k' .. i] = i end
function change(n) t['x' .. n] = fresh(n) t['x' .. n - 50] = nil end
function check(n) for i = n - 49, n do assert(t['x' .. i][1] == i) end end`,
  'a new key of a large table': `
local t, held = {}, {} for i = 1, 600 do t['k' .. i] = {i} end
function change(n) t[fresh(n)] = n for k, v in pairs(t) do if v == n - 50 then t[k] = nil end end end
function check(n) local c = 0 for k, v in pairs(t) do if type(k) == 'table' then assert(k[1] == v) c = c + 1 end end
  assert(c == 50) end`,
  'a field behind __newindex': `
local inner = {x = 0} local t = setmetatable({}, {__newindex = inner})
function change(n) t.x = fresh(n) end function check(n) assert(inner.x[1] == n) end`,
  'a field that is there, with __newindex': `
local t = setmetatable({x = 0}, {__newindex = function() end})
function change(n) t['x'] = fresh(n) local k = 'x' t[k] = fresh(n) rawset(t, 'y', fresh(n)) end
function check(n) assert(t.x[1] == n and t.y[1] == n) end`,
  'a key that is there, with __newindex': `
local k, t = {}, setmetatable({}, {__newindex = function() end})
rawset(t, k, 0) rawset(t, 1 << 40, 0)
function change(n) t[k] = fresh(n) t[1 << 40] = fresh(n) end
function check(n) assert(t[k][1] == n and t[1 << 40][1] == n) end`,
  'the registry of debug': `
function change(n) debug.getregistry().mine = fresh(n) end
function check(n) assert(debug.getregistry().mine[1] == n) end`,
  'a constructor': `
local outer = {} for i = 1, 8 do outer[i] = 0 end
function change(n) outer[n % 8 + 1] = {fresh(n), fresh(n), x = fresh(n), fresh(n)} end
function check(n) local t = outer[n % 8 + 1] assert(t[3][1] == n and t.x[1] == n) end`,
  'a constructor that takes long': `
local function all(n) return fresh(n), fresh(n), fresh(n), fresh(n), fresh(n), fresh(n), fresh(n), fresh(n) end
function change(n) kept = {${'fresh(n), '.repeat(120)} all(n)} end
function check(n) for i = 1, 128 do assert(kept[i][1] == n) end end`,
  'table.insert in the middle': `
local t = {} for i = 1, 1500 do t[i] = i end
function change(n) table.insert(t, n * 37 % 1400 + 1, fresh(n)) t[#t] = nil end
function check(n) assert(t[n * 37 % 1400 + 1][1] == n) end`,
  'table.remove in the middle': `
local t = {} for i = 1, 3000 do t[i] = {i} end
function change(n) table.remove(t, n * 37 % 100 + 1) fresh(n) end
function check(n) for i = 1, #t do assert(t[i][1] > 0) end end`,
  'table.move between tables': `
local t, large = {0, 0, 0}, {} for i = 1, 1500 do large[i] = i end
function change(n)
  local from = {fresh(n), fresh(n), fresh(n)}
  table.move(from, 1, 3, 1, t) table.move(from, 1, 3, n % 1400 + 1, large)
end
function check(n) for i = 1, 3 do assert(t[i][1] == n and large[n % 1400 + i][1] == n) end end`,
  'table.move within a large table': `
local t = {} for i = 1, 1500 do t[i] = {i} end
function change(n)
  table.move(t, 1001, 1200, 1) for i = 1001, 1200 do t[i] = 0 end
  table.move(t, 1, 200, 1001) for i = 1, 200 do t[i] = 0 end
  fresh(n)
end
function check(n) for i = 1001, 1200 do assert(t[i][1] == i) end end`,
  'table.sort of a large table': `
local t = {} for i = 1, 1500 do t[i] = 'a string that is ' .. i end
function change(n)
  table.sort(t) for i = 1, 750 do t[i], t[1501 - i] = t[1501 - i], t[i] end
  table.sort(t) t[n % 1500 + 1] = 'another string ' .. n
end
function check(n) for i = 1, 1500 do assert(#t[i] > 13) end end`,
  'a value of a weak key': `
local k, t = {}, setmetatable({}, {__mode = 'k'})
function change(n) t[k] = fresh(n) end function check(n) assert(t[k][1] == n) end`,
  'a new pair of a weak key': `
local keys, t = {}, setmetatable({}, {__mode = 'k'})
function change(n) local k = {} keys[n % 60] = k t[k] = fresh(n) end
function check(n) for i = n - 59, n do assert(t[keys[i % 60]][1] == i) end end`,
  'an element of a table with weak keys': `
local t = setmetatable({0, 0, 0}, {__mode = 'k'})
function change(n)
  t[n % 3 + 1] = fresh(n) table.insert(t, 1, fresh(n)) table.remove(t, 2)
  table.move({fresh(n)}, 1, 1, 2, t)
end
function check(n) assert(t[1][1] == n and t[2][1] == n) end`,
  'a key of a table with weak values': `
local t = setmetatable({}, {__mode = 'v'})
function change(n) for k in pairs(t) do t[k] = nil end t[fresh(n)] = n end
function check(n) local k, v = next(t) assert(k[1] == n and v == n) end`,
  'the layout of a block': `
local b = data.new(8)
function change(n) b:layout({['f' .. n % 9] = {0, 8}}) b['f' .. n % 9] = n % 200 fresh(n) end
function check(n) assert(b['f' .. n % 9] == n % 200) end`,
  'the result of gsub with a function that yields': `
local co = coroutine.wrap(function()
  while true do
    local text = ('ab'):rep(40):gsub('a', function() coroutine.yield() return ('long'):rep(8) end)
    assert(text == (('long'):rep(8) .. 'b'):rep(40))
  end
end)
function change(n) co() fresh(n) end function check() end`,
  'a coroutine that waits for another': `
local inner = coroutine.wrap(function() local v while true do v = coroutine.yield(v) end end)
inner()
local outer = coroutine.wrap(function()
  local mine = {} while true do local v = inner({mine[1]}) mine = {coroutine.yield(v and v[1])} end
end)
function change(n) outer(n) fresh(n) end function check() end`,
}

function run(source: string): void {
  const state = new State({ memory: 1 << 20, fuel: 1e9, seed: 1 })
  const { memory, enter } = internalsOf(state)
  state.loadSync(`function fresh(n) return {n, {}} end\n${source}`, { name: 'ways' })
  memory.setWord(G.GC_STEP, 512)
  let marking = 0
  for (let n = 1; n <= CALLS; n++) {
    if (memory.word(G.GC_DEBT) <= 0) memory.setWord(G.GC_DEBT, 1)
    state.callSync('change', n)
    expect(checkMarking(memory)).toEqual([])
    if (memory.word(G.GC_PHASE) === PHASE.PROPAGATE) marking++
  }
  expect(marking).toBeGreaterThan(10)
  state.callSync('check', CALLS)
  while (enter(COMMAND.COLLECT, 0, 0) === 0);
  state.callSync('check', CALLS)
  while (enter(COMMAND.COLLECT, 0, 0) === 0);
  expect(checkHeap(memory)).toEqual([])
}

/** How a large table `t` is filled, and what is done to it once the collector has visited a part. */
const UNDER_WAY: Readonly<Record<string, readonly [string, string]>> = {
  'table.sort': ["for i = 1500, 1, -1 do t[#t + 1] = 'text' .. i end", 'table.sort(t)'],
  'table.remove': ['for i = 1, 1500 do t[i] = {i} end', 'table.remove(t, 1)'],
  'table.insert': ['for i = 1, 1500 do t[i] = {i} end', 'for i = 1, 3 do table.insert(t, i, {i}) end'],
  'table.move': ['for i = 1, 1500 do t[i] = {i} end', 'table.move(t, 1001, 1500, 1)'],
  'an array that grows': ['for i = 1, 2045 do t[i] = {i} end', 'for i = 1, 9 do t[#t + 1] = {i} end'],
  'keys that move': ["for i = 1, 900 do t['k' .. i] = {i} end", "for i = 1, 120 do t['new' .. i] = {i} end"],
  'nodes that grow': ["for i = 1, 1020 do t['k' .. i] = {i} end", "for i = 1, 9 do t['new' .. i] = {i} end"],
}

/** Does so when the collector has come to each part of the table, in a cycle for each. */
function runUnderWay(mode: string, fill: string, change: string): void {
  for (let part = 256; part <= 1280; part += 256) {
    const state = new State({ memory: 1 << 20, fuel: 1e9, seed: 1 })
    const { memory, enter } = internalsOf(state)
    state.loadSync(
      `function fill() t = setmetatable({}, {__mode = '${mode}'}) ${fill} end
      function change() ${change} end function pass() return {} end`,
      { name: 'parts' },
    )
    memory.setWord(G.GC_STEP, 256)
    memory.setWord(G.GC_STOPPED, 1)
    state.callSync('fill')
    memory.setWord(G.GC_STOPPED, 0)
    const isThere = (): boolean =>
      (memory.word(G.GC_PART) !== 0 || memory.word(G.GC_CURSOR) !== 0) && memory.word(G.GC_PART_AT) >= part
    for (let calls = 0; calls < 20_000 && !isThere(); calls++) {
      memory.setWord(G.GC_DEBT, 1)
      state.callSync('pass')
    }
    if (isThere()) {
      memory.setWord(G.GC_STOPPED, 1)
      state.callSync('change')
      memory.setWord(G.GC_STOPPED, 0)
    } else expect(part).toBeGreaterThan(768)
    const cycles = memory.word(G.GC_COUNT)
    for (let calls = 0; memory.word(G.GC_COUNT) === cycles; calls++) {
      memory.setWord(G.GC_DEBT, 1)
      state.callSync('pass')
      if (calls % 16 === 0) expect(checkMarking(memory)).toEqual([])
    }
    while (enter(COMMAND.COLLECT, 0, 0) === 0);
    expect(checkHeap(memory)).toEqual([])
  }
}

describe('a large table of which a part has been visited', () => {
  test.each(Object.entries(UNDER_WAY))('%s', (_, [fill, change]) => runUnderWay('', fill, change))
  test.each(Object.entries(UNDER_WAY))('%s, with weak keys', (_, [fill, change]) =>
    runUnderWay('k', fill, change),
  )
})

describe('references that change in the middle of cycles', () => {
  test.each(Object.entries(WAYS))('%s', (_, source) => run(source))
})
