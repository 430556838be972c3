local i = 0
while i < 3 do i = i + 1 print(i) end
repeat i = i - 1 print(i) until i <= 1
while false do print('never') end
repeat print('once') until true
local n = 27
local steps = 0
while n ~= 1 do
  if n % 2 == 0 then n = n // 2 else n = 3 * n + 1 end
  steps = steps + 1
end
print(steps)
