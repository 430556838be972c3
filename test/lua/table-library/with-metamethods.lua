local log = {}
local function proxy(t)
  return setmetatable({}, {
    __index = function(_, k) log[#log + 1] = 'get' .. k return t[k] end,
    __newindex = function(_, k, v) log[#log + 1] = 'set' .. k .. tostring(v) t[k] = v end,
    __len = function() log[#log + 1] = 'len' return #t end,
  })
end
local function flush() local s = table.concat(log, ' ') log = {} return s end
local p = proxy { 10, 20, 30 }
print(table.remove(p, 1), flush())
table.insert(p, 1, 5)
print(flush())
print(table.concat(p, ','), flush())
print(table.unpack(p))
print(flush())
table.move(p, 1, 2, 3)
print(flush())
