-- string.gsub by a function or by a table with a metatable, and string.format of values with __tostring.
-- The VM calls these in place of its own versions, with arguments whose types it has checked.
local P = ...
local tostring, type, select, unpack = tostring, type, select, table.unpack
local format, gmatch, gsubstart = string.format, string.gmatch, P.gsubstart

-- The methods of strings. States without the library have none.
P['debug.setmetatable']('', { __index = string })

-- Calls `by` with all captures of a match, if there is one.
local function call(by, found, ...)
  if found then return true, (by(...)) end
end

P.slow('string.gsub', function(s, pattern, by, most)
  local next, captures = gsubstart(s, pattern)
  local isfunction, done, value = type(by) == 'function', 0, nil
  for i = 1, most or #s + 1 do
    if isfunction and captures > 2 then
      local found, v = call(by, next(value))
      if not found then break end
      value = v
    else
      local found, a, b = next(value)
      if not found then break end
      if not isfunction then value = by[a]
      elseif captures == 1 then value = by(a)
      else value = by(a, b) end
    end
    done = i
  end
  return next(value, true), done
end)

P.slow('string.format', function(form, ...)
  local values, count, i = { ... }, select('#', ...), 0
  for letter in gmatch(form, '%%[-+ #0-9.]*(.)') do
    if letter ~= '%' then
      i = i + 1
      if letter == 's' and i <= count then values[i] = tostring(values[i]) end
    end
  end
  return format(form, unpack(values, 1, count))
end)
