local i = 0
repeat
  local j = i * 2
  local function f() return j > 6 end
  i = i + 1
until f() or j > 100
print(i)
local fs = {}
local k = 0
repeat
  local captured = k
  fs[#fs + 1] = function() return captured end
  k = k + 1
until captured >= 2
print(#fs, fs[1](), fs[2](), fs[3]())
