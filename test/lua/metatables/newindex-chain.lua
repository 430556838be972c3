-- __newindex through tables ends at a raw write, through functions wherever they say.
local log = {}
local sink = setmetatable({}, { __newindex = function(t, k, v) log[#log + 1] = k .. '=' .. tostring(v) rawset(t, k, v) end })
local middle = setmetatable({ have = 1 }, { __newindex = sink })
local top = setmetatable({}, { __newindex = middle })
top.have = 2
top.other = 3
top.other = 4
print(rawget(top, 'have'), rawget(middle, 'have'), rawget(sink, 'have'))
print(rawget(top, 'other'), rawget(middle, 'other'), rawget(sink, 'other'))
print(table.concat(log, ' '))
rawset(top, 'other', 5)
top.other = 6
print(top.other, sink.other)
