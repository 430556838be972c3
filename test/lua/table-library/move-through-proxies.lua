-- table.move, concat, unpack, insert and remove through proxies, with every access shown.
local function proxy(t, name)
  return setmetatable({}, {
    __index = function(_, k) print(name, 'get', k) return t[k] end,
    __newindex = function(_, k, v) print(name, 'set', k, v) t[k] = v end,
    __len = function() print(name, 'len') return #t end,
  })
end
local a, b = { 1, 2, 3 }, {}
table.move(proxy(a, 'a'), 1, 3, 2, proxy(b, 'b'))
print(b[1], b[2], b[3], b[4])
local p = proxy(a, 'a')
table.move(p, 1, 3, 2)
table.move(p, 2, 4, 1)
print(table.concat(p, '-'), table.concat(p, '-', 2, 3))
print(table.unpack(p))
table.insert(p, 'end')
table.insert(p, 1, 'begin')
print(table.remove(p), table.remove(p, 1))
table.sort(p)
print(table.concat(a, ' '))
