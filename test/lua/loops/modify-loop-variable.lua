for i = 1, 3 do
  local j = i
  i = 100
  print(i, j)
end
local fs = {}
for i = 1, 3 do fs[i] = function() i = i + 1 return i end end
print(fs[1](), fs[1](), fs[2](), fs[3]())
