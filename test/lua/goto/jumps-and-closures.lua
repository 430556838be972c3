-- Each pass over a declaration makes a new variable.
do
  local fs, i = {}, 0
  ::top::
  local x = i
  fs[#fs + 1] = function() x = x + 10 return x end
  i = i + 1
  if i < 4 then goto top end
  print(fs[1](), fs[2](), fs[1](), fs[4]())
end
for i = 1, 3 do
  for j = 1, 3 do
    if j == 2 then goto next_i end
    print(i, j)
  end
  ::next_i::
end
do goto done end
print('never')
::done::
local n = 0
::again:: n = n + 1
if n < 5 then goto again end
print(n)
