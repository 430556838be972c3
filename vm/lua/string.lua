-- string.gsub by a function or by a table with a metatable, and string.format of values with __tostring.
-- The VM calls these in place of its own versions, with arguments whose types it has checked.
local P = ...
local error, tostring, type, select, unpack = error, tostring, type, select, table.unpack
local format, gmatch, byte = string.format, string.gmatch, string.byte
local nextmatch, splice = P.nextmatch, P.splice

-- Calls `by` with more captures than the loop below names.
local function call(by, first, last, count, ...)
  return (by(...))
end

P.slow('string.gsub', function(s, pattern, by, most)
  local isfunction, anchored = type(by) == 'function', byte(pattern) == 94
  local pieces, n, done, from, previous = {}, 0, 0, 1, -1
  most = most or #s + 1
  while done < most do
    local first, last, count, a, b = nextmatch(s, pattern, from, previous)
    if not first then break end
    local value
    if not isfunction then value = by[a]
    elseif count == 1 then value = by(a)
    elseif count == 2 then value = by(a, b)
    else value = call(by, nextmatch(s, pattern, from, previous)) end
    done = done + 1
    if value then
      local kind = type(value)
      if kind ~= 'string' and kind ~= 'number' then
        error('invalid replacement value (a ' .. kind .. ')', 2)
      end
      pieces[n + 1], pieces[n + 2], pieces[n + 3] = first, last, value
      n = n + 3
    end
    if anchored then break end
    from, previous = last + 1, last
  end
  if n == 0 then return s, done end
  return splice(s, pieces, n), done
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
