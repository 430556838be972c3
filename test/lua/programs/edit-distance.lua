local function distance(a, b)
  local row = {}
  for j = 0, #b do row[j] = j end
  for i = 1, #a do
    local diagonal = row[0]
    row[0] = i
    for j = 1, #b do
      local cost = a:byte(i) == b:byte(j) and diagonal or 1 + math.min(diagonal, row[j], row[j - 1])
      diagonal, row[j] = row[j], cost
    end
  end
  return row[#b]
end
for _, p in ipairs { { 'kitten', 'sitting' }, { '', 'abc' }, { 'same', 'same' }, { 'flaw', 'lawn' }, { 'intention', 'execution' } } do print(p[1], p[2], distance(p[1], p[2])) end
local function lcs(a, b)
  local t = {}
  for i = 0, #a do t[i] = {} for j = 0, #b do t[i][j] = (i == 0 or j == 0) and '' or a:sub(i, i) == b:sub(j, j) and t[i - 1][j - 1] .. a:sub(i, i) or #t[i - 1][j] >= #t[i][j - 1] and t[i - 1][j] or t[i][j - 1] end end
  return t[#a][#b]
end
print(lcs('AGGTAB', 'GXTXAYB'), lcs('ABCBDAB', 'BDCABA'))
