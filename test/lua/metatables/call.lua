local c = setmetatable({}, { __call = function(self, ...) return select('#', ...), ... end, __tostring = function() return 'c' end })
print(c(), c(1), c(1, nil))
print((c(1, 2)))
local o = { m = c }
print(o.m('x'), o:m() == 1)
local nested = setmetatable({}, { __call = c, __tostring = function() return 'nested' end })
print(nested('a'))
local twice = setmetatable({}, { __call = nested, __tostring = function() return 'twice' end })
print(twice('a'))
print(pcall(c, 'p'))
local function tail() return c(7, 8) end
print(tail())
print(pcall(setmetatable({}, { __call = 5 })))
