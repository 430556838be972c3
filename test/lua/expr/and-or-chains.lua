local function t(x) return x end
print(t(1) and t(2) and t(3), t(1) and t(nil) and t(3), t(false) or t(nil) or t('x'))
local a, b, c = nil, false, 3
print(a or b or c, a and b, b and a, (a or c) and (b or c), not a and not b)
local x = a and 1 or b and 2 or 3
print(x)
local r = a == nil and 'nil' or 'not'
print(r)
local n = 0
local function count(v) n = n + 1; return v end
local _ = count(false) and count(true) or count(1)
print(n)
if not (a and b or c) then print('no') elseif a or b then print('no') else print('yes') end
while not c do print('never') end
print((a or 5) + (b or 6), (c and 1 or 0) * 10)
