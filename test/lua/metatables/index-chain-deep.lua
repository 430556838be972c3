-- __index through tables and functions, twenty levels deep.
local bottom = setmetatable({}, { __index = function(_, k) return 'made ' .. tostring(k) end })
local top = bottom
for i = 1, 20 do
  top = setmetatable({ ['k' .. i] = i }, { __index = top })
end
print(top.k1, top.k20, top.nothing, top[5])
for i = 1, 20, 6 do print(rawget(top, 'k' .. i), top['k' .. i]) end
