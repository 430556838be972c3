local function reverse(s)
  local out = {}
  for _, c in utf8.codes(s) do table.insert(out, 1, utf8.char(c)) end
  return table.concat(out)
end
local function sub(s, i, j)
  return s:sub(utf8.offset(s, i), (utf8.offset(s, j + 1) or #s + 1) - 1)
end
print(reverse('häß€'), sub('häß€x', 2, 4), sub('abc', 1, 3))
