local t = {}
local function set() t.a = 1 error('x') t.b = 2 end
pcall(set)
print(t.a, t.b)
local n = 0
local function inc() n = n + 1 if n % 2 == 0 then error('even ' .. n, 0) end return n end
for i = 1, 6 do print(pcall(inc)) end
local up = 0
pcall(function() local function f() up = up + 1 end f() f() error() end)
print(up)
