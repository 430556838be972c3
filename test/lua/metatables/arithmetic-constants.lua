local log = setmetatable({}, {
  __add = function(a, b) return type(a) .. '+' .. type(b) end,
  __sub = function(a, b) return type(a) .. '-' .. type(b) end,
  __band = function(a, b) return type(a) .. '&' .. type(b) end,
  __shl = function(a, b) return type(a) .. '<<' .. type(b) end,
  __shr = function(a, b) return type(a) .. '>>' .. type(b) end,
})
print(log + 1, 1 + log, log - 1, 1 - log, log & 7, 7 & log, log << 1, 1 << log, log >> 1, 1 >> log)
print(log + 100000, 100000 + log, log - 1000000)
