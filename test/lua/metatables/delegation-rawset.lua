-- A proxy that counts what is read and written.
local function count(target)
  local reads, writes = 0, 0
  local proxy = setmetatable({}, {
    __index = function(_, k) reads = reads + 1 return target[k] end,
    __newindex = function(_, k, v) writes = writes + 1 target[k] = v end,
    __len = function() return #target end,
    __pairs = function() return next, target, nil end,
  })
  return proxy, function() return reads, writes end
end
local p, counts = count({ 5, 6, 7 })
p[4] = p[1] + p[2]
p.name = 'proxy'
p.name = p.name .. '!'
print(#p, p[4], p.name, counts())
local sum = 0
for i = 1, #p do sum = sum + p[i] end
print(sum, counts())
for i, v in ipairs(p) do sum = sum - v end
print(sum, counts())
print(next(p))
