-- The constants of the library math. There is no huge and no pi: all numbers are integers.
math.maxinteger = 0x7fffffffffffffff
math.mininteger = 0x8000000000000000

-- The library functions for values that need a metamethod to be compared, or can't be.
local P = ...
local select = select

P.slow('math.max', function(best, ...)
  for i = 1, select('#', ...) do
    local v = select(i, ...)
    if best < v then best = v end
  end
  return best
end)

P.slow('math.min', function(best, ...)
  for i = 1, select('#', ...) do
    local v = select(i, ...)
    if v < best then best = v end
  end
  return best
end)
