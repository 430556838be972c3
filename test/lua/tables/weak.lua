local weak = setmetatable({}, { __mode = 'k' })
local key = {}
weak[key] = 'kept'
weak[{}] = 'dropped'
collectgarbage()
local n = 0
for _, v in pairs(weak) do n = n + 1 print(v) end
print(n)
local values = setmetatable({}, { __mode = 'v' })
values[1], values[2], values.s = {}, key, 'string'
collectgarbage()
print(values[1], values[2] == key, values.s)
