local function pair()
  local n = 0
  return function() n = n + 1 return n end, function() return n end, function(v) n = v end
end
local inc, get, set = pair()
inc() inc()
print(get())
set(10)
print(inc(), get())
local x = 1
local function f() x = x + 1 end
local function g() return x end
f() x = x * 10 f()
print(g(), x)
