local function collatz(n) local steps = 0 while n ~= 1 do n = n % 2 == 0 and n // 2 or 3 * n + 1 steps = steps + 1 end return steps end
local best, at = 0, 0
for n = 1, 1000 do local s = collatz(n) if s > best then best, at = s, n end end
print(best, at)
local function digits(n) local s = 0 while n > 0 do s = s + n % 10 n = n // 10 end return s end
print(digits(math.maxinteger), digits(12345))
local function palindrome(n) local s = tostring(n) return s == s:reverse() end
local found = {}
for n = 10, 400 do if palindrome(n) and palindrome(n * n) then found[#found + 1] = n end end
print(table.concat(found, ' '))
local function base(n, b) local s = '' repeat local d = n % b s = ('0123456789abcdefghijklmnopqrstuvwxyz'):sub(d + 1, d + 1) .. s n = n // b until n == 0 return s end
for b = 2, 36, 7 do print(b, base(123456789, b), tonumber(base(123456789, b), b)) end
