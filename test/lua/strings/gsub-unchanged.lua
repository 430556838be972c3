-- Where nothing is replaced, gsub gives the string itself.
local s = string.rep('a', 100)
local function same(r) print(r == s, string.format('%p', r) == string.format('%p', s)) end
same((s:gsub('b', 'c')))
same((s:gsub('.', { x = 'y' })))
same((s:gsub('.', function() end)))
same((s:gsub('.', setmetatable({}, { __index = function() return false end }))))
same((s:gsub('.', { a = 'a' })))
same((s:gsub('.', { a = 1 })))
same((s:gsub('.', function(x) return x end)))
same((s:gsub('a', 'a')))
local n = 0
local r = s:gsub('.', function()
  n = n + 1
  return n == 50 and 'b'
end)
print(#r, r:find('b'))
print((s:gsub('(a)(a)', function() end)) == s, s:gsub('^a', function() end))
