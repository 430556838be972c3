local closed = setmetatable({}, { __close = function(_, e) print('closed', e) end })
local function iterate(n)
  local i = 0
  return function() i = i + 1 if i <= n then return i end end, nil, nil, closed
end
for i in iterate(2) do print(i) end
for i in iterate(3) do print(i) if i == 2 then break end end
print(pcall(function() for i in iterate(2) do error('inside', 0) end end))
local function returns() for i in iterate(5) do return i end end
print(returns())
