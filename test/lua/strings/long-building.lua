local parts = {}
for i = 1, 300 do parts[#parts + 1] = ('%03d'):format(i) end
local s = table.concat(parts)
print(#s, s:sub(1, 12), s:sub(-6), s:find('150'), select(2, s:gsub('1', '')))
local r = ''
for i = 1, 50 do r = r .. string.char(96 + i % 26 + 1) end
print(r, r:reverse():sub(1, 5))
