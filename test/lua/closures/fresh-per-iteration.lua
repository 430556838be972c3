local fs = {}
for i = 1, 3 do fs[i] = function() return i end end
print(fs[1](), fs[2](), fs[3]())
for i, v in ipairs { 'x', 'y' } do fs[i] = function() return i .. v end end
print(fs[1](), fs[2]())
local k = 0
while k < 3 do
  k = k + 1
  local captured = k
  fs[k] = function(add) captured = captured + add return captured end
end
print(fs[1](10), fs[2](10), fs[1](1), fs[3](0))
