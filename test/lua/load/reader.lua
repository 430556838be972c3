local parts = { 'return ', '1', ' + ', '41' }
local i = 0
print(load(function() i = i + 1 return parts[i] end)())
print(type(load(function() return nil end)))
i = 0
print(load(function() i = i + 1 if i == 1 then return 'return 5' elseif i == 2 then return '' end end)())
print(pcall(load(function() return nil end)))
print((load(function() return {} end)))
