-- Variable arguments: select, forwarding `...`, table.pack and table.unpack.
local N = 300000

local pack = table.pack or function(...) return { n = select('#', ...), ... } end
local unpack = table.unpack or unpack

local function sum(...)
  local total = 0
  for i = 1, select('#', ...) do total = total + (select(i, ...)) end
  return total
end
local function forward(...) return sum(...) end
local function rotate(first, ...) return ..., first end
local function collect(...)
  local list = { ... }
  return #list
end

local check = 0
for i = 1, N do
  check = (check + forward(i, 2, 3, 4, 5)) % 1000003
  local packed = pack(rotate(i, 1, 2))
  check = (check + packed.n + sum(unpack(packed))) % 1000003
  check = check + collect(i, i, i)
end
print(check)
