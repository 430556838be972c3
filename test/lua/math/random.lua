math.randomseed(42)
local ok = true
for _ = 1, 200 do
  local a, b, c = math.random(10), math.random(-5, 5), math.random(0)
  ok = ok and a >= 1 and a <= 10 and b >= -5 and b <= 5 and math.type(c) == 'integer'
end
print(ok, math.random(3, 3), math.random(math.mininteger, math.maxinteger) ~= nil)
print(pcall(math.random, 0, -1))
print(pcall(math.random, 2, 1))
print(pcall(math.random, 1, 2, 3))
math.randomseed(7) local x = math.random(1000000)
math.randomseed(7) print(x == math.random(1000000))
