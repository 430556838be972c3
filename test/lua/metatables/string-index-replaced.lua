-- The metatable of strings can be extended.
local mt = getmetatable('')
string.first = function(s) return s:sub(1, 1) end
print(('hello'):first())
local old = mt.__index
mt.__index = function(s, k)
  if math.type(k) == 'integer' then return old.sub(s, k, k) end
  return old[k]
end
print(('hello')[1], ('hello')[5], ('hello')[9], ('hello'):upper())
mt.__index = old
print(('hello')[1])
string.first = nil
print(('x').first)
