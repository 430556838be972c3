math.randomseed(42)
local a, b, c = math.random(100), math.random(100), math.random(100)
math.randomseed(42)
print(a == math.random(100), b == math.random(100), c == math.random(100))
for _ = 1, 200 do
  local r = math.random(3, 5)
  assert(r >= 3 and r <= 5)
  assert(math.random(1) == 1)
  r = math.random(-10, -9)
  assert(r == -10 or r == -9)
end
print(math.random(7, 7), math.random(math.maxinteger, math.maxinteger) == math.maxinteger)
print(pcall(math.random, 0, -1), pcall(math.random, 5, 4), pcall(math.random, 1, 2, 3))
print(math.type(math.random(0)), math.type(math.random(math.mininteger, math.maxinteger)))
local seen = {}
for _ = 1, 500 do seen[math.random(6)] = true end
print(#seen)
math.randomseed(1, 2)
local x = math.random(1 << 40)
math.randomseed(1, 2)
print(x == math.random(1 << 40))
