local t = setmetatable({}, { __pairs = function(t)
  local i = 0
  return function() i = i + 1 if i <= 3 then return i, i * i end end, t, nil
end })
for k, v in pairs(t) do print(k, v) end
local sorted = { c = 3, a = 1, b = 2 }
setmetatable(sorted, { __pairs = function(self)
  local keys = {}
  for k in next, self do keys[#keys + 1] = k end
  table.sort(keys)
  local i = 0
  return function() i = i + 1 return keys[i], self[keys[i]] end
end })
for k, v in pairs(sorted) do print(k, v) end
print(select('#', pairs(setmetatable({}, { __pairs = function() return 1 end }))))
