-- Protected calls inside protected calls, with rethrown errors.
local log = {}
local function step(name, f) local fine, e = pcall(f) log[#log + 1] = name .. ':' .. tostring(fine) if not fine then error(name .. '<' .. tostring(e), 0) end end
print(pcall(step, 'a', function() step('b', function() step('c', function() error('origin', 0) end) end) end))
print(table.concat(log, ' '))
print(pcall(pcall, error, 'x'))
print(pcall(pcall))
print(pcall(pcall, pcall, pcall, error, 5))
print(select('#', pcall(function() return nil, nil, nil end)))
local depth = 0
local function dive() depth = depth + 1 if depth < 150 then return pcall(dive) end error('bottom', 0) end
local results = table.pack(dive())
print(results.n, results[results.n], depth)
