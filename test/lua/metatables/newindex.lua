local log = {}
local t = setmetatable({}, { __newindex = function(t, k, v) log[#log + 1] = k rawset(t, k, v) end })
t.a = 1 t.a = 2 t.b = 3
print(table.concat(log, ' '), t.a, t.b)
local store = {}
local proxy = setmetatable({}, { __newindex = store, __index = store })
proxy.x = 5
print(rawget(proxy, 'x'), store.x, proxy.x)
local readonly = setmetatable({}, { __index = { a = 1 }, __newindex = function(_, k) error('read-only: ' .. k, 2) end })
print(readonly.a, pcall(function() readonly.b = 1 end))
local deep = setmetatable({}, { __newindex = setmetatable({}, { __newindex = function(_, k, v) print('deep', k, v) end }) })
deep.z = 'Z'
