local t = { 1, 2, 3, 4, 5 }
local function reverse(a)
  local i, j = 1, #a
  while i < j do
    a[i], a[j] = a[j], a[i]
    i, j = i + 1, j - 1
  end
  return a
end
print(table.concat(reverse(t), ','))
local function fib(n)
  local a, b = 0, 1
  for _ = 1, n do a, b = b, a + b end
  return a
end
print(fib(10), fib(90), fib(93))
