local all = {}
for i = 0, 255 do all[#all + 1] = string.char(i) end
local text = table.concat(all)
for class in ('acdglpsuwxACDGLPSUWX'):gmatch('.') do
  local _, n = text:gsub('%' .. class, '')
  print(class, n)
end
for _, set in ipairs { '[a-z]', '[^a-z]', '[%a_]', '[%w%-]', '[]]', '[^]]', '[a-]', '[-a]', '[%]]', '[a%-z]', '[%s%p]', '[^%s]', '[\1-\5]', '[x^]' } do
  local _, n = text:gsub(set, '')
  print(set:gsub('%c', '?'), n)
end
