local log = {}
local function at(name) return setmetatable({}, {
  __newindex = function(_, k, v) log[#log + 1] = name .. k .. '=' .. tostring(v) end,
}) end
local function note(s) log[#log + 1] = s; return s end
local x, y = at 'x', at 'y'
x[note 'a'], y[note 'b'] = note 'c', note 'd'
print(table.concat(log, ' '))
