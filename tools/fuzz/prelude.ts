/** What every generated program begins with: functions to print values with, and the count that ends loops. */

/** Rounds of loops and entries of functions that a program gets; afterwards every loop ends. */
const STEPS = 250

/**
 * `P` prints values, tables by their contents and the rest by type, so that no address and no order of `pairs`
 * shows. `step` is true when it is time to end. `V` is the identity, `I` makes an integer of anything, `seq` a
 * list without holes, `cut` a string that isn't long, `closer` a value to be closed.
 */
export const PRELUDE = `local steps = 0
local function step() steps = steps + 1 return steps > ${STEPS} end
local function show(v, depth)
  local kind = math.type(v) or type(v)
  if kind == 'string' then return ('%q'):format(v) end
  if kind == 'float' then return 'float!' end
  if kind ~= 'table' then return (kind == 'function' or kind == 'thread') and kind or tostring(v) end
  if depth > 2 then return '{...}' end
  local keys = {}
  for k, x in next, v do
    keys[#keys + 1] = (type(k) == 'table' and '{}' or show(k, 9)) .. '=' .. show(x, depth + 1)
  end
  table.sort(keys)
  return '{' .. table.concat(keys, ',', 1, math.min(#keys, 12)) .. '}'
end
local function P(...)
  local texts = {}
  for i = 1, select('#', ...) do texts[i] = show((select(i, ...)), 0) end
  print(table.concat(texts, ' '))
  return ...
end
local function V(...) return ... end
local function I(v) return math.type(v) == 'integer' and v or 7 end
local function cut(s) return type(s) == 'string' and s:sub(1, 80) or '' end
local function seq(...)
  local t = { ... }
  for i = 1, select('#', ...) do if t[i] == nil then t[i] = false end end
  return t
end
local function closer(name, e, yields)
  return setmetatable({}, { __close = function(_, cause)
    P('close', name, cause)
    if yields then P('back', coroutine.yield(name)) end
    if e then error(e, 0) end
  end })
end
G1, G2, G3 = 1, 'g', { x = 1, 2, 3 }
`
