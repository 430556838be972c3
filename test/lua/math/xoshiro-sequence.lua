-- The generator of Lua 5.4, number for number.
math.randomseed(123)
for _ = 1, 5 do print(math.random(0)) end
math.randomseed(-1, 7)
for _ = 1, 5 do print(math.random(1, 1000), math.random(math.mininteger, math.maxinteger)) end
math.randomseed(0)
for i = 1, 10 do print(math.random(1 << i)) end
