local function ring(size)
  local items, first, count = {}, 0, 0
  return {
    push = function(v) if count == size then first = first + 1 count = count - 1 end items[(first + count) % size] = v count = count + 1 end,
    pop = function() if count == 0 then return nil end local v = items[first % size] first = first + 1 count = count - 1 return v end,
    each = function() local i = -1 return function() i = i + 1 if i < count then return i, items[(first + i) % size] end end end,
  }
end
local r = ring(4)
for i = 1, 7 do r.push(i * i) end
for i, v in r.each() do print(i, v) end
print(r.pop(), r.pop()) r.push('new')
for i, v in r.each() do print(i, v) end
print(r.pop(), r.pop(), r.pop(), r.pop())
