import { describe, expect, test } from 'vitest'
import { warnings } from './compile.ts'

/** What is found, as `code name line:column`. */
function found(text: string, globals: string[] = []): string[] {
  return warnings(text, { name: '@x.lua', globals }).map(
    ({ code, message, line, column }) => `${code} ${/'([^']*)'/.exec(message)?.[1] ?? ''} ${line}:${column}`,
  )
}

const hintOf = (text: string): string | undefined => warnings(text, { name: '@x.lua' })[0]?.hint

describe('unknown globals and fields', () => {
  test.each([
    ['pirnt(1)', ['L081 pirnt 1:1']],
    ['return string.fnd, table.insert', ['L082 string.fnd 1:8']],
    ['local x = 1\nreturn x, y, _G.z, _ENV.w', ['L081 y 2:11', 'L081 z 2:14', 'L081 w 2:20']],
    ['return _G.string.fnd, _G.print', ['L082 string.fnd 1:8']],
    ['return function() return nosuch.open.x end', ['L081 nosuch 1:26']],
    ['nosuch.x = 1', ['L081 nosuch 1:1']],
    ['function nosuch.f() end', ['L081 nosuch 1:10']],
    ['local s = string return s.fnd, ("x"):fnd()', []],
    ['x = 1 return x', []],
    ['function f() return g() end function g() end', []],
    ['if log then log(1) end return config or 1', []],
    ['return type(x) == nil, y ~= nil and y', ['L081 x 1:13']],
    ['rawset(_G, "x", 1) return x, y', ['L081 y 1:30']],
    ['_G.x = 1 return x', []],
    ['for k, v in pairs({}) do _G[k] = v end return x', []],
    ['setmetatable(_ENV, {__index = function() end}) return x', []],
    ['local _ENV = {} return x', []],
    ['local _ENV <const> = 1 return x', []],
    ['string.trim = 1 return string.trim, string.trmi', ['L082 string.trmi 1:37']],
    ['return _VERSION, _G, _ENV, data.layout, linux.time, cpufreq, packet', []],
  ])('%s', (text, names) => expect(found(text)).toEqual(names))

  test('what others provide', () => {
    expect(found('log(a.b.c, d)', ['log', 'a'])).toEqual(['L081 d 1:12'])
  })

  test('the likeliest name is in the hint', () => {
    expect(hintOf('pirnt(1)')).toMatch(/^did you mean print\?/)
    expect(hintOf('return string.fnd')).toBe('did you mean string.find?')
    expect(hintOf('counter = 1 return countr')).toMatch(/^did you mean counter\?/)
    expect(hintOf('return xyzzy')).toMatch(/^if whoever/)
  })
})

describe('locals', () => {
  test.each([
    ['local x', ['L083 x 1:7']],
    ['local x = 1 x = 2', ['L083 x 1:7']],
    ['local x <const> = 1', ['L083 x 1:7']],
    ['local x <const> = 1 return x', []],
    ['local function f() end', ['L083 f 1:16']],
    ['local a, b, c = 1 return b', ['L083 c 1:13']],
    ['local _, _x = 1', []],
    ['local x <close> = nil', []],
    ['return function(a, b) for i = 1, 2 do for k, v in next, {} do return a, k end end end', []],
    ['local t = {} t.x = 1', []],
    ['local _ENV = {} x = 1', []],
    ['local x = 1 return function() return x end', []],
  ])('unused: %s', (text, names) => expect(found(text)).toEqual(names))

  test.each([
    ['local x = 1 local x = x + 1 return x', ['L084 x 1:19']],
    ['local x = 1 do local x = x return x end', []],
    ['local x = 1 return x, function(x) return x end', ['L084 x 1:32']],
    ['for i = 1, 2 do for i = 3, 4 do return i end return i end', ['L084 i 1:21']],
    ['local k return k, function() for k in next, {} do return k end end', ['L084 k 1:34']],
    ['local f return f, function() local function f() return f end return f end', ['L084 f 1:45']],
    [
      'local t = {} function t:a() return function() local u = {} function u:b() return self end return u, self end end return t',
      [],
    ],
    ['do local x = 1 return x end', []],
    ['do local x = 1 print(x) end local x = 2 return x', []],
    ['local _ = 1 local _ = 2', []],
  ])('shadowed: %s', (text, names) => expect(found(text)).toEqual(names))
})

describe('unreachable code', () => {
  const unreachable = (text: string) =>
    found(`local a, f = ...\nprint(a, f)\n${text}`).map((line) => line.replace('L085  ', ''))

  test.each([
    ['while a do break f() end', ['3:18']],
    ['while a do break end f()', []],
    ['do return end f()', ['3:15']],
    ['if a then return else return 1 end f() f()', ['3:36']],
    ['if a then return end f()', []],
    ['if a then return elseif f then return else error(a) end f()', []],
    ['while true do f() end f()', ['3:23']],
    ['while true do if a then break end end f()', []],
    ['while true do while a do break end end f()', ['3:40']],
    ['while true do return end f()', ['3:26']],
    ['while a do f() end f()', []],
    ['repeat f() until false f()', ['3:24']],
    ['repeat return until a f()', ['3:23']],
    ['repeat if a then break end until false f()', []],
    ['repeat f() until a f()', []],
    ['goto x f() ::x:: f()', ['3:8']],
    ['goto x ::x:: f()', []],
    ['for i = 1, 2 do f(i) do return end end f()', []],
    ['return function() do return end f() end', ['3:33']],
    ['while a do goto continue f() ::continue:: end', ['3:26']],
    ['do do return end end f() do return end f()', ['3:22']],
    ['::top:: f() do goto top end f()', ['3:29']],
  ])('%s', (text, places) => expect(unreachable(text)).toEqual(places))
})

test('definitions for editors have no warnings', () => {
  expect(found('---@meta\nlocal x')).toEqual([])
})

test('at most fifty, and each text takes its time once', () => {
  expect(found('do local x end\n'.repeat(1000)).length).toBe(50)
})
