local function quicksort(t, lo, hi)
  lo, hi = lo or 1, hi or #t
  if lo < hi then
    local p, i = t[(lo + hi) // 2], lo - 1
    local j = hi + 1
    while true do
      repeat i = i + 1 until t[i] >= p
      repeat j = j - 1 until t[j] <= p
      if i >= j then break end
      t[i], t[j] = t[j], t[i]
    end
    quicksort(t, lo, j)
    quicksort(t, j + 1, hi)
  end
  return t
end
local function mergesort(t)
  if #t <= 1 then return t end
  local m = #t // 2
  local a, b = mergesort { table.unpack(t, 1, m) }, mergesort { table.unpack(t, m + 1) }
  local r, i, j = {}, 1, 1
  while i <= #a or j <= #b do
    if j > #b or i <= #a and a[i] <= b[j] then r[#r + 1] = a[i] i = i + 1 else r[#r + 1] = b[j] j = j + 1 end
  end
  return r
end
local function bubble(t) for i = #t, 2, -1 do for j = 1, i - 1 do if t[j] > t[j + 1] then t[j], t[j + 1] = t[j + 1], t[j] end end end return t end
local function make() local t, s = {}, 99 for i = 1, 60 do s = s * 75 % 65537 t[i] = s % 100 end return t end
local expected = make()
table.sort(expected)
print(table.concat(expected, ' '))
for _, f in ipairs { quicksort, mergesort, bubble } do print(table.concat(f(make()), ' ') == table.concat(expected, ' ')) end
