local n = 0
local function limit() n = n + 1 return 3 end
for i = 1, limit() do i = i * 10 print(i) end
print(n)
local t = { 1, 2, 3 }
for i = 1, #t do t[#t + 1] = i end
print(#t)
