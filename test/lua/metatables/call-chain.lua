-- A callable whose __call is callable itself: each one is put before the arguments.
local f = function(...) print(select('#', ...), type((select(-1, ...)))) return 'ret', ... end
local a = setmetatable({ 'a' }, { __call = f })
local b = setmetatable({ 'b' }, { __call = a })
local c = setmetatable({ 'c' }, { __call = b })
print(select('#', c()), (c(1, 2)))
local _, x, y, z = c('arg')
print(x[1], y[1], z[1])
print(pcall(setmetatable({}, { __call = setmetatable({}, {}) })))
local t = setmetatable({}, { __call = function(_, n) return n, n + 1 end })
for i in pairs({ 1 }) do print(t(i)) end
print((t(5)))
print(pcall(t, 7))
print(select('#', pcall(t)))
