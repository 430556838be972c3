local a <const> = 5
local t <const> = { 1 }
t[1] = 2
print(a, t[1])
print(load('local x <const> = 1; x = 2', '=c'))
print(load('local x <const> = 1; local function f() x = 2 end', '=c'))
print(load('local x <close> = nil; x = 2', '=c'))
print(load('local x <foo> = 1', '=c'))
