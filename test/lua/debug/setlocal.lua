local function f()
  local a, b = 1, 2
  print(debug.setlocal(1, 1, 'new a'), a, b)
  print(debug.setlocal(1, 2, nil), a, b)
  print(debug.setlocal(1, 50, 1))
  return a
end
print(f())
local function outer()
  local v = 'before'
  local function set() print(debug.setlocal(2, 1, 'after')) end
  set()
  return v
end
print(outer())
local function varargs(...)
  debug.setlocal(1, -1, 'changed')
  return ...
end
print(varargs('a', 'b'))
