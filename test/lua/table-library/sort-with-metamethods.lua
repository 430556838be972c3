local log = {}
local proxy = setmetatable({}, {
  __index = function(_, i) return ({ 3, 1, 2 })[i] end,
  __newindex = function(_, i, v) log[#log + 1] = i .. '=' .. v end,
  __len = function() return 2 end,
})
table.sort(proxy)
table.sort(log)
print(table.concat(log, ' '))
table.insert(proxy, 'x')
print(log[#log])
