x = 1
_G.y = 2
print(x, y, _G.x, _ENV.y, rawget(_G, 'x'))
x, y = y, x
print(x, y, _G['x'])
x = nil
print(x, rawget(_G, 'x'))
local function f() z = 'from function' end
f()
print(z)
