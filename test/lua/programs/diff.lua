local function lines(s) local t = {} for l in s:gmatch('[^\n]+') do t[#t + 1] = l end return t end
local function diff(a, b)
  local t = {}
  for i = #a + 1, 1, -1 do
    t[i] = {}
    for j = #b + 1, 1, -1 do
      if i > #a or j > #b then t[i][j] = 0
      elseif a[i] == b[j] then t[i][j] = t[i + 1][j + 1] + 1
      else t[i][j] = math.max(t[i + 1][j], t[i][j + 1]) end
    end
  end
  local i, j = 1, 1
  while i <= #a or j <= #b do
    if i <= #a and j <= #b and a[i] == b[j] then print('  ' .. a[i]) i, j = i + 1, j + 1
    elseif j > #b or i <= #a and t[i + 1][j] >= t[i][j + 1] then print('- ' .. a[i]) i = i + 1
    else print('+ ' .. b[j]) j = j + 1 end
  end
end
diff(lines 'one\ntwo\nthree\nfour', lines 'one\n2\nthree\nfour\nfive')
diff(lines '', lines 'added')
