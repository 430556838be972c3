local function to_pattern(glob)
  return '^' .. glob:gsub('[%^%$%(%)%%%.%[%]%*%+%-%?]', function(c)
    if c == '*' then return '.*' elseif c == '?' then return '.' end
    return '%' .. c
  end) .. '$'
end
local names = { 'init.lua', 'main.c', 'readme.md', 'test-1.lua', 'test-22.lua', 'a+b.txt', '' }
for _, g in ipairs { '*.lua', 'test-?.lua', '*', 'a+b.*', '????.c', 'readme' } do
  local out = {}
  for _, n in ipairs(names) do if n:match(to_pattern(g)) then out[#out + 1] = n end end
  print(g, to_pattern(g), table.concat(out, ' '))
end
