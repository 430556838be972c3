local log = {}
do
  for i = 1, 3 do setmetatable({ i = i }, { __gc = function(o) log[#log + 1] = o.i end }) end
end
collectgarbage()
collectgarbage()
print(#log, table.concat(log, ' '))
local kept = setmetatable({}, { __gc = function() log[#log + 1] = 'kept' end })
collectgarbage()
print(#log, kept ~= nil)
setmetatable(kept, nil)
