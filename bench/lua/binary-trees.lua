-- Allocates and walks binary trees: the allocator and the garbage collector.
local DEPTH = 13

local function bottom_up(depth)
  if depth == 0 then return {} end
  return { bottom_up(depth - 1), bottom_up(depth - 1) }
end
local function count(tree)
  if not tree[1] then return 1 end
  return 1 + count(tree[1]) + count(tree[2])
end

local long_lived = bottom_up(DEPTH)
local total = 0
for depth = 4, DEPTH, 2 do
  local rounds = 20
  for _ = depth, DEPTH - 1 do rounds = rounds * 2 end
  for _ = 1, rounds do total = total + count(bottom_up(depth)) end
end
print(total, count(long_lived))
