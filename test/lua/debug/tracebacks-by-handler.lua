-- A message handler sees the stack of the error.
local function level3() error('oops') end
local function level2() level3() end
function level1() level2() end
local _, trace = xpcall(level1, debug.traceback)
local lines = {}
for line in trace:gmatch('[^\n]+') do lines[#lines + 1] = line end
print(lines[1], lines[2])
for i = 3, 6 do print(lines[i]) end
