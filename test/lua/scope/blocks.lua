local a = 'outer'
if true then local a = 'inner' print(a) end
print(a)
for i = 1, 2 do local a = i print(a) end
print(a)
for i = 1, 1 do local i = i + 10 print(i) end
local n = 0
repeat local done = n >= 2; n = n + 1 until done
print(n)
while true do local a = 'while' print(a) break end
print(a, i)
