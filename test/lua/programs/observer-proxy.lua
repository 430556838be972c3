local function track(t, log)
  local proxy = {}
  return setmetatable(proxy, {
    __index = function(_, k) log[#log + 1] = 'read ' .. tostring(k) local v = t[k] return type(v) == 'table' and track(v, log) or v end,
    __newindex = function(_, k, v) log[#log + 1] = 'write ' .. tostring(k) .. '=' .. tostring(v) t[k] = v end,
    __len = function() return #t end,
    __pairs = function() return function(_, k) local nk, nv = next(t, k) return nk, nv end end,
    __ipairs = nil,
  })
end
local log = {}
local p = track({ a = { b = 1 }, 10, 20 }, log)
p.a.b = p.a.b + 1
p.new = p[1] + p[2]
for i, v in ipairs(p) do log[#log + 1] = i .. '=' .. v end
print(#p, table.concat(log, '; '))
local n = 0
for _ in pairs(p) do n = n + 1 end
print(n)
