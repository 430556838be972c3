local Heap = {}
Heap.__index = Heap
function Heap.new(less) return setmetatable({ less = less or function(a, b) return a < b end, n = 0 }, Heap) end
function Heap:push(v)
  self.n = self.n + 1
  local i = self.n
  self[i] = v
  while i > 1 and self.less(self[i], self[i // 2]) do
    self[i], self[i // 2] = self[i // 2], self[i]
    i = i // 2
  end
end
function Heap:pop()
  if self.n == 0 then return nil end
  local top = self[1]
  self[1], self[self.n] = self[self.n], nil
  self.n = self.n - 1
  local i = 1
  while true do
    local s = i
    for c = 2 * i, 2 * i + 1 do if c <= self.n and self.less(self[c], self[s]) then s = c end end
    if s == i then return top end
    self[i], self[s] = self[s], self[i]
    i = s
  end
end
local h, out = Heap.new(), {}
for _, v in ipairs { 5, 3, 9, 1, 7, 3, 8, 2 } do h:push(v) end
for v in function() return h:pop() end do out[#out + 1] = v end
print(table.concat(out, ' '))
local tasks = Heap.new(function(a, b) return a.p < b.p or a.p == b.p and a.n < b.n end)
for i, p in ipairs { 3, 1, 2, 1, 3 } do tasks:push { p = p, n = i } end
local order = {}
for t in function() return tasks:pop() end do order[#order + 1] = t.p .. ':' .. t.n end
print(table.concat(order, ' '))
local x, seed = Heap.new(), 1
for _ = 1, 200 do seed = seed * 75 % 65537 x:push(seed) end
local last, ok = -1, true
for v in function() return x:pop() end do ok = ok and v >= last last = v end
print(ok, last)
