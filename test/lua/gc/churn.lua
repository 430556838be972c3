-- Allocates far more than a small state holds, to exercise collection under way.
local live = {}
local check = 0
for i = 1, 30000 do
  local t = { i, tostring(i), { i } }
  live[i % 50 + 1] = t
  check = (check + #t[2] + t[3][1]) % 1000003
end
local sum = 0
for _, t in ipairs(live) do sum = sum + t[1] end
print(check, sum)
local s = ''
for i = 1, 2000 do s = (s .. i):sub(-100) end
print(s)
for i = 1, 3000 do local f = function() return i end check = check + f() end
print(check)
