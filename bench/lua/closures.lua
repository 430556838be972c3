-- Makes closures in loops, calls them, and shares and changes their upvalues.
local N, CALLS = 900000, 90000

local function counter(step)
  local count = 0
  return function()
    count = count + step
    return count
  end, function() return count end
end

local function compose(f, g)
  return function(x) return f(g(x)) end
end

local sum = 0
for i = 1, N do
  local add, get = counter(i % 7)
  add()
  add()
  sum = (sum + get()) % 1000003
end
local function increment(x) return x + 1 end
local function double(x) return x * 2 % 65521 end
local chain = increment
for i = 1, 10 do chain = compose(i % 2 == 0 and increment or double, chain) end
for i = 1, CALLS do sum = (sum + chain(i)) % 1000003 end
print(sum)
