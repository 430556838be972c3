local function gcd(a, b) while b ~= 0 do a, b = b, a % b end return a < 0 and -a or a end
local F = {}
F.__index = F
local function frac(n, d) local g = gcd(n, d) if d < 0 then g = -g end return setmetatable({ n = n // g, d = d // g }, F) end
F.__add = function(a, b) return frac(a.n * b.d + b.n * a.d, a.d * b.d) end
F.__sub = function(a, b) return frac(a.n * b.d - b.n * a.d, a.d * b.d) end
F.__mul = function(a, b) return frac(a.n * b.n, a.d * b.d) end
F.__idiv = function(a, b) return frac(a.n * b.d, a.d * b.n) end
F.__eq = function(a, b) return a.n == b.n and a.d == b.d end
F.__lt = function(a, b) return a.n * b.d < b.n * a.d end
F.__le = function(a, b) return a.n * b.d <= b.n * a.d end
F.__unm = function(a) return frac(-a.n, a.d) end
F.__tostring = function(a) return a.d == 1 and tostring(a.n) or a.n .. '/' .. a.d end
local h, t = frac(1, 2), frac(1, 3)
print(tostring(h + t), tostring(h - t), tostring(h * t), tostring(h // t), tostring(-h))
print(h > t, h == frac(2, 4), h <= t, h ~= t, tostring(frac(6, -3)))
local sum = frac(0, 1)
for i = 1, 12 do sum = sum + frac(1, i) end
print(tostring(sum))
