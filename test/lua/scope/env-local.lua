local print = print
do
  local _ENV = { x = 5 }
  x = x + 1
  y = 'set'
  print(x, y)
end
print(x, y)
local function with(_ENV) return a + b end
print(with { a = 1, b = 2 })
local env = setmetatable({}, { __index = _G })
do local _ENV = env; z = 1; print(type(tostring), z) end
print(z, env.z)
