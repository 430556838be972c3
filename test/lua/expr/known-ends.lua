-- Chains of and and or whose end is known before they run: values, and names in messages.
print(pcall(load('return (nil and nil or G3) * 1', '=x')))
print(pcall(load("return (false and nil or 's') ~ 1", '=x')))
print(pcall(load('local t = {} return (t.x and false and t.y or t.z) + 1', '=x')))
print(pcall(load("return (false and nil or G3) .. 'x'", '=x')))
print(true or error('no'), false and error('no'), (nil and 1) == nil, 1 and nil or 2, 1 and 2 and nil and error('no'))
local function f() return true end
print(f() and false and error('no'), f() or true or error('no'), (f() and nil and 1) or 3)
