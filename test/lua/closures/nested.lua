local function outer(a)
  return function(b)
    return function(c)
      a = a + 1
      return a + b + c
    end
  end
end
local f = outer(1)
local g, h = f(10), f(20)
print(g(100), h(100), g(100))
local function deep() local v = 'v' return function() return function() return function() return v end end end end
print(deep()()()())
