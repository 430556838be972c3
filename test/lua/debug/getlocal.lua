-- Locals by level, with their names and scopes; parameters of a function that doesn't run.
local function f(a, b, ...)
  local c = a + b
  do local hidden = 1 end
  local d = 'd'
  local names = {}
  for i = 1, 20 do
    local n, v = debug.getlocal(1, i)
    if not n then break end
    if n:sub(1, 1) ~= '(' and type(v) ~= 'table' then names[#names + 1] = n .. '=' .. tostring(v) end
  end
  print(table.concat(names, ' '))
  print(debug.getlocal(1, -1), debug.getlocal(1, -2))
  print(debug.getlocal(1, -3))
end
f(1, 2, 'v1', 'v2')
print(debug.getlocal(f, 1), debug.getlocal(f, 2), debug.getlocal(f, 3))
print(debug.getlocal(print, 1))
print(pcall(debug.getlocal, 100, 1))
local x = 'outer'
print(debug.getlocal(1, 2))
