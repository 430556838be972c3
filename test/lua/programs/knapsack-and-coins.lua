local function knapsack(items, capacity)
  local best = {}
  for c = 0, capacity do best[c] = 0 end
  for _, item in ipairs(items) do for c = capacity, item.w, -1 do best[c] = math.max(best[c], best[c - item.w] + item.v) end end
  return best[capacity]
end
print(knapsack({ { w = 12, v = 4 }, { w = 2, v = 2 }, { w = 1, v = 1 }, { w = 1, v = 2 }, { w = 4, v = 10 } }, 15))
local function ways(coins, total) local w = { [0] = 1 } for i = 1, total do w[i] = 0 end for _, c in ipairs(coins) do for t = c, total do w[t] = w[t] + w[t - c] end end return w[total] end
print(ways({ 1, 5, 10, 25, 50 }, 100), ways({ 2 }, 3), ways({ 1, 2, 3 }, 30))
local function fewest(coins, total) local f = { [0] = 0 } for t = 1, total do for _, c in ipairs(coins) do if c <= t and f[t - c] and (not f[t] or f[t - c] + 1 < f[t]) then f[t] = f[t - c] + 1 end end end return f[total] end
print(fewest({ 1, 7, 10 }, 14), fewest({ 5 }, 3), fewest({ 1, 5, 10 }, 18))
