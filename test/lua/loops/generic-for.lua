local function range(n)
  return function(limit, i) if i < limit then return i + 1 end end, n, 0
end
for i in range(3) do print(i) end
for i, v in ipairs { 'a', 'b', nil, 'd' } do print(i, v) end
local function triples() local i = 0 return function() i = i + 1 if i < 3 then return i, i * 2, i * 3 end end end
for a, b, c, d in triples() do print(a, b, c, d) end
for k, v in next, { 10 } do print(k, v) end
for i in (function() return nil end) do print('never') end
