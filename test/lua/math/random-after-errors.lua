-- A wrong call of random takes a number too.
math.randomseed(7)
for _, args in ipairs { { 1 }, { 0, -1 }, { 5, 3 }, { 1, 2, 3 }, { 'x' }, { {} }, { 1, {} }, { 0 } } do
  print(pcall(math.random, table.unpack(args)))
  print(math.random(1000000), math.random(0))
end
