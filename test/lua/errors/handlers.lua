-- Message handlers: what they get, what becomes of what they return.
print(xpcall(error, function(e) return 'handled ' .. tostring(e) end, 'value'))
print(xpcall(error, function(...) return select('#', ...) end, 1, 2))
print(xpcall(function(...) return select('#', ...), ... end, print, 1, nil, 3))
print(xpcall(function() local x; x.y = 1 end, function(e) return (e:gsub('^[^:]*:%d+: ', '')) end))
print(xpcall(error, function() return nil end))
print(xpcall(error, function() return 1, 2 end))
print(pcall(xpcall))
print(pcall(xpcall, print))
local inner = function(e) return 'inner(' .. e .. ')' end
local outer = function(e) return 'outer(' .. e .. ')' end
print(xpcall(function() print(xpcall(error, inner, 'one')) error('two', 0) end, outer))
print(xpcall(function() pcall(error, 'quiet') return 'no handler for what pcall catches' end, outer))
