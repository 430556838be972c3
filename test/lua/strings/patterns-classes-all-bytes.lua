-- How many of all 256 bytes each class takes.
local all = {}
for i = 0, 255 do all[#all + 1] = string.char(i) end
local s = table.concat(all)
for c in ('acdglpsuwx'):gmatch('.') do
  local _, n = s:gsub('%' .. c, '')
  local _, m = s:gsub('%' .. c:upper(), '')
  local _, k = s:gsub('[%' .. c .. ']', '')
  print(c, n, m, k)
end
print(select(2, s:gsub('.', '')), select(2, s:gsub('[^\0]', '')), select(2, s:gsub('[\0-\31]', '')), select(2, s:gsub('[%z]', '')))
