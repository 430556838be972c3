-- Functions of the library that compare raise as the operator does, but without a position.
local kinds = { 1, 'a', true, {}, print, coroutine.create(print) }
for i = 1, #kinds do
  for j = 1, #kinds do
    print(i, j, (pcall(math.max, kinds[i], kinds[j])), select(2, pcall(math.min, kinds[i], kinds[j])) == kinds[i])
    if type(kinds[i]) ~= type(kinds[j]) then print(select(2, pcall(math.max, kinds[i], kinds[j]))) end
  end
end
print(pcall(table.sort, { true, false }), pcall(table.sort, { {}, {} }))
print(pcall(table.sort, { 3, 'x', 1 }, function(a, b) return tostring(a) < tostring(b) end))
