-- The fourth value of a generic for is closed however the loop ends.
local function iterate(n, name)
  local i = 0
  return function() i = i + 1 if i <= n then return i end end, nil, nil, setmetatable({}, { __close = function(_, e) print('closed', name, e) end })
end
for i in iterate(2, 'end') do print(i) end
for i in iterate(5, 'break') do if i == 2 then break end print(i) end
local function f() for i in iterate(5, 'return') do if i == 2 then return i end end end
print(f())
print(pcall(function() for i in iterate(5, 'error') do error('e', 0) end end))
for i in iterate(5, 'goto') do if i == 2 then goto out end end
::out::
