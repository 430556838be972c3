-- The library table where metamethods take part or elements lie outside the array part; and sorting by a
-- function. The VM calls these in place of its own versions, with arguments whose types it has checked.
local P = ...
local error, select, type, ult, concat, unpack = error, select, type, math.ult, table.concat, table.unpack
local wrong, mistyped, isstring, tointeger = P.wrong, P.mistyped, P.isstring, math.tointeger

-- Length of a table, which `#` may take from a metamethod.
local function length(t)
  return tointeger(#t) or error('object length is not an integer')
end

P.slow('table.insert', function(t, ...)
  local last = length(t) + 1
  local count = select('#', ...)
  local position, value = ...
  if count == 1 then
    t[last] = position
    return
  end
  if count ~= 2 then error("wrong number of arguments to 'insert'") end
  if not ult(position - 1, last) then wrong(2, 'position out of bounds') end
  for i = last, position + 1, -1 do t[i] = t[i - 1] end
  t[position] = value
end)

P.slow('table.remove', function(t, position)
  local size = length(t)
  position = position or size
  if position ~= size and ult(size, position - 1) then wrong(1, 'position out of bounds') end
  local removed = t[position]
  while position < size do
    t[position] = t[position + 1]
    position = position + 1
  end
  t[position] = nil
  return removed
end)

P.slow('table.concat', function(t, separator, first, last)
  local parts, n, size = {}, 0, length(t)
  for i = first or 1, last or size do
    local v = t[i]
    if not isstring(v) then
      error('invalid value (' .. type(v) .. ') at index ' .. i .. " in table for 'concat'")
    end
    n = n + 1
    parts[n] = v
  end
  return concat(parts, separator)
end)

P.slow('table.unpack', function(t, first, last)
  first = first or 1
  last = last or length(t)
  if first > last then return end
  local more = last - first
  if ult(199999, more) then error('too many results to unpack') end
  local values = {}
  for i = 0, more do values[i + 1] = t[first + i] end
  return unpack(values, 1, more + 1)
end)

P.slow('table.move', function(from, first, last, target, to)
  to = to or from
  if target > last or target <= first or to ~= from then
    for i = 0, last - first do to[target + i] = from[first + i] end
  else
    for i = last - first, 0, -1 do to[target + i] = from[first + i] end
  end
  return to
end)

local function less(a, b) return a < b end

local INVALID <const> = 'invalid order function for sorting'

-- Quicksort with the median of three as pivot: the reference's steps, so that elements which compare as
-- equal end up in the same order, and stores come in the same order: the last target of an assignment is
-- the first. Larger parts wait in a list instead of in recursive calls.
P.slow('table.sort', function(t, before)
  local n = length(t)
  if n < 2 then return end
  if n >= 0x7fffffff then wrong(1, 'array too big') end
  if before == nil then
    before = less
  elseif type(before) ~= 'function' then
    mistyped(2, before, 2, 'function')
  end
  local waiting, count, random = {}, 0, 0
  local low, high = 1, n
  while true do
    while low < high do
      local a, b = t[low], t[high]
      if before(b, a) then t[high], t[low] = a, b end
      local size = high - low
      if size == 1 then break end
      local middle = (low + high) // 2
      if size > 100 and random ~= 0 then middle = random % (size // 4 * 2) + low + size // 4 end
      a, b = t[middle], t[low]
      if before(a, b) then
        t[low], t[middle] = a, b
      else
        b = t[high]
        if before(b, a) then t[high], t[middle] = a, b end
      end
      if size == 2 then break end
      local pivot, last = t[middle], high - 1
      t[last], t[middle] = pivot, t[last]
      local i, j = low, last
      while true do
        i = i + 1
        a = t[i]
        while before(a, pivot) do
          if i == last then error(INVALID) end
          i = i + 1
          a = t[i]
        end
        j = j - 1
        b = t[j]
        while before(pivot, b) do
          if j < i then error(INVALID) end
          j = j - 1
          b = t[j]
        end
        if j < i then break end
        t[j], t[i] = a, b
      end
      t[i], t[last] = pivot, a
      local smaller
      if i - low < high - i then
        smaller = i - low
        waiting[count + 1], waiting[count + 2] = i + 1, high
        high = i - 1
      else
        smaller = high - i
        waiting[count + 1], waiting[count + 2] = low, i - 1
        low = i + 1
      end
      count = count + 2
      -- a bad division: from now on pivots are drawn at random
      if size // 128 > smaller then random = (random + n) * 0x5851f42d4c957f2d >> 33 end
    end
    if count == 0 then return end
    low, high = waiting[count - 1], waiting[count]
    count = count - 2
  end
end)
