local out = {}
for i, v in ipairs { 1, 2, nil, 4 } do out[#out + 1] = i .. '=' .. v end
print(table.concat(out, ' '))
for i in ipairs {} do print('never', i) end
local p = setmetatable({}, { __index = function(_, i) if i <= 3 then return i * 10 end end })
for i, v in ipairs(p) do print(i, v) end
print(pcall(ipairs))
print((pcall(ipairs, nil)))
print(select('#', ipairs({})))
local f, t, z = ipairs({ 'x' })
print(type(f), type(t), z, f(t, 0), f(t, 1))
