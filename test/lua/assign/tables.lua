local i, t = 1, {}
i, t[i] = i + 1, 20
print(i, t[1], t[2])
local a = { 1, 2, 3 }
a[1], a[2], a[3] = a[3], a[1], a[2]
print(a[1], a[2], a[3])
local b = { x = 1 }
b, b.x = { x = 2 }, 5
print(b.x)
do
  local t = { 1, 2 }
  local j = 1
  j, t[j], t[j + 1] = 2, 'p', 'q'
  print(j, t[1], t[2])
end
