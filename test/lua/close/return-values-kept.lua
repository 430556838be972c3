local log = {}
local function f()
  local t = { 1, 2 }
  local c <close> = setmetatable({}, { __close = function() t[1] = 'changed' log[#log + 1] = 'closed' end })
  return t[1], t[2], #log
end
print(f())
print(#log)
local function g(...)
  local c <close> = setmetatable({}, { __close = function() return 'ignored' end })
  return ...
end
print(g(1, nil, 3))
print(select('#', g()))
local function tail() local c <close> = setmetatable({}, { __close = function() print('before print of result') end }) return (function() return 'not a tail call' end)() end
print(tail())
