-- pcall as __call: protected calls within each other, until something else comes.
for depth = 1, 60, 7 do
  local n = 0
  local object = setmetatable({}, {})
  getmetatable(object).__call = function(self)
    n = n + 1
    if n == depth then error('deep enough', 0) end
    return pcall(self)
  end
  local results = table.pack(pcall(object))
  print(depth, results.n, results[1], results[results.n])
end

-- A value whose __call is pcall calls itself without end, which is an error of the innermost call.
local endless = setmetatable({}, {__call = pcall})
print((endless()), (select(2, endless())), select('#', endless()) > 100)
print((select(-2, endless())), ((select(-1, endless())):gsub('^C ', '')))
print(((function() return endless() end)()), (select(-1, coroutine.wrap(function() return endless() end)()):gsub('^C ', '')))
