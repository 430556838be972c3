local function gcd(a, b) while b ~= 0 do a, b = b, a % b end return a end
print(gcd(48, 36), gcd(17, 5), gcd(0, 5), gcd(-12, 8))
local function power(b, e, m) local r = 1 b = b % m while e > 0 do if e & 1 == 1 then r = r * b % m end b = b * b % m e = e >> 1 end return r end
print(power(2, 10, 1000000007), power(3, 1000, 1000007), power(7, 12345, 998244353))
local function isqrt(n) local x = n while x * x > n do x = (x + n // x) // 2 end return x end
print(isqrt(0), isqrt(1), isqrt(15), isqrt(16), isqrt(1000000), isqrt(123456789))
local function factors(n) local f, p = {}, 2 while n > 1 do while n % p == 0 do f[#f + 1] = p n = n // p end p = p + 1 end return f end
print(table.concat(factors(360360), ' '), table.concat(factors(97), ' '))
local perfect = {}
for n = 2, 500 do local s = 1 for d = 2, n // 2 do if n % d == 0 then s = s + d end end if s == n then perfect[#perfect + 1] = n end end
print(table.concat(perfect, ' '))
