-- Finalizers run in the reverse order of marking, each once.
local log = {}
for i = 1, 5 do setmetatable({}, { __gc = function() log[#log + 1] = i end }) end
collectgarbage()
print(table.concat(log, ' '))
collectgarbage()
print(#log)
local late = setmetatable({}, {})
getmetatable(late).__gc = function() log[#log + 1] = 'late' end
late = nil
collectgarbage()
print(#log)
local mt = {}
mt.__gc = function(o) log[#log + 1] = o.name if o.again then o.again = false setmetatable(o, mt) end end
setmetatable({ name = 'twice', again = true }, mt)
collectgarbage() collectgarbage() collectgarbage()
print(table.concat(log, ' ', 6))
