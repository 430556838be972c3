-- A library function that is called last has the position of its caller, also where it goes on in Lua.
local proxy = setmetatable({}, { __index = function() return {} end, __len = function() return 2 end })
local function try(f) print(pcall(f)) end
try(function() return table.concat(proxy) end)
try(function()
  return
    table.concat(proxy)
end)
try(function() return ('x'):gsub('x', function() return {} end) end)
try(function() return ('x'):rep(-1, {}) end)
try(function() return setmetatable({}, 1) end)
try(function() return error('message') end)
try(function() return error('message', 2) end)
try(function() return assert(false, 'message') end)
try(function() return pcall(error, 'message') end)
try(function() return select(0) end)
try(function() return tostring() end)
try(function() return ipairs() end)
