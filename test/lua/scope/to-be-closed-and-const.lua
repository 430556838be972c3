local a <const>, b <const> = 5, 'text'
local function f() return a, b end
print(f(), a * 2 .. b)
do local a <const> = a + 1 print(a) end
print(select(2, load('local x <const> = 1 x = 2', '=c')))
print(select(2, load('local x <const> = 1 return function() x = 2 end', '=c')))
print(select(2, load('local x <close> = nil x = 2', '=c')))
local nothing <close> = nil
local no <close> = false
print(nothing, no)
