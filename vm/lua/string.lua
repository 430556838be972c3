-- string.gsub by a function or a table, and string.format of values with __tostring. The VM calls these in
-- place of its own versions, with arguments whose types it has checked.
local P = ...
local error, tostring, type, select = error, tostring, type, select
local concat, unpack = table.concat, table.unpack
local format, gmatch, sub = string.format, string.gmatch, string.sub
local nextmatch = P.nextmatch

-- What a match is replaced by: bounds of the match, value.
local function replacement(by, first, last, ...)
  if not first then return end
  if type(by) == 'function' then return first, last, (by(...)) end
  return first, last, by[(...)]
end

P.slow('string.gsub', function(s, pattern, by, most)
  local anchored = sub(pattern, 1, 1) == '^'
  local parts, n, done, copied, from, previous = {}, 0, 0, 1, 1, -1
  most = most or #s + 1
  while done < most do
    local first, last, value = replacement(by, nextmatch(s, pattern, from, previous))
    if not first then break end
    done = done + 1
    if value then
      local kind = type(value)
      if kind ~= 'string' and kind ~= 'number' then
        error('invalid replacement value (a ' .. kind .. ')', 2)
      end
      parts[n + 1], parts[n + 2] = sub(s, copied, first - 1), value
      n, copied = n + 2, last + 1
    end
    from, previous = last + 1, last
    if anchored then break end
  end
  if n == 0 then return s, done end
  parts[n + 1] = sub(s, copied)
  return concat(parts), done
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
