local function failing(name) return setmetatable({}, { __close = function(_, e) print(name, e) error(name .. ' failed', 0) end }) end
print(pcall(function() local a <close> = failing 'a' end))
print(pcall(function() local a <close> = failing 'a' local b <close> = failing 'b' error('first', 0) end))
print(pcall(function() local a <close> = failing 'a' return 'lost' end))
local ok, e = pcall(function()
  local outer <close> = setmetatable({}, { __close = function(_, e) print('outer saw', e) end })
  local inner <close> = failing 'inner'
end)
print(ok, e)
