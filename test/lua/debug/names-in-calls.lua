-- Names of functions as getinfo finds them from the calling instruction.
local function who() local i = debug.getinfo(2, 'n') return tostring(i.name) .. '/' .. i.namewhat end
local function a() return (who()) end
function b() return (who()) end
local t = { c = function() return (who()) end }
function t:d() return (who()) end
local up = function() return (who()) end
local function calls() return (up()) end
print((a()), (b()), (t.c()), (t:d()), (calls()))
local mt = setmetatable({}, { __add = function() return (who()) end, __index = function() return (who()) end,
  __lt = function() return who() == 'metamethod/metamethod' end, __concat = function() return (who()) end, __call = function() return (who()) end })
print(mt + 1, mt.x, mt .. 'x', (mt()))
for v in function(_, c) if not c then return (who()) end end do print(v) end
local list = { 2, 1 }
table.sort(list, function() print(who()) return false end)
