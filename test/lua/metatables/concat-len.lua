local mt = { __concat = function(a, b)
  return (type(a) == 'table' and 'T' or a) .. '~' .. (type(b) == 'table' and 'T' or b)
end, __len = function() return 42 end }
local t = setmetatable({}, mt)
print(t .. 'x', 'x' .. t, t .. t, 1 .. t, t .. 2)
print('a' .. 'b' .. t .. 'c' .. 'd')
print(#t, rawlen(t))
print(pcall(function() return t .. nil end))
print(pcall(function() return {} .. 'x' end))
