local function map(t, f) local r = {} for i, v in ipairs(t) do r[i] = f(v) end return r end
local function filter(t, f) local r = {} for _, v in ipairs(t) do if f(v) then r[#r + 1] = v end end return r end
local function fold(t, f, z) for _, v in ipairs(t) do z = f(z, v) end return z end
local n = {}
for i = 1, 10 do n[i] = i end
print(table.concat(map(n, function(x) return x * x end), ' '))
print(table.concat(filter(n, function(x) return x % 3 == 0 end), ' '))
print(fold(n, function(a, b) return a + b end, 0))
local function curry(f) return function(a) return function(b) return f(a, b) end end end
print(curry(math.max)(3)(9))
local function compose(...)
  local fs = { ... }
  return function(x) for i = #fs, 1, -1 do x = fs[i](x) end return x end
end
print(compose(function(x) return x + 1 end, function(x) return x * 2 end)(5))
