-- Errors about _ENV itself, as a local variable, a parameter and an upvalue.
local function f(_ENV) return x end
print(pcall(f, nil))
print(pcall(f, { x = 5 }))
local function g(_ENV) x = 1 end
print(pcall(g, 7))
local function h(_ENV)
  return function() return y.z end
end
print(pcall(h(nil)))
print(pcall(h({})))
print(pcall(h({ y = { z = 'found' } })))
do
  local print, pcall = print, pcall
  local _ENV = {}
  print(pcall(function() return a.b end))
  print(pcall(function() a.b = 1 end))
  print(pcall(function() a() end))
end
