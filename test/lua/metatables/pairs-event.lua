-- __pairs gives the three values of the loop, and a fourth to close is not taken.
local t = setmetatable({}, { __pairs = function(t)
  local function step(s, k)
    k = k and k + 1 or 1
    if k <= 3 then return k, s .. k end
  end
  return step, 'state', nil, 'ignored'
end })
for k, v in pairs(t) do print(k, v) end
print(select('#', pairs(t)))
local nothing = setmetatable({}, { __pairs = function() end })
print(pairs(nothing))
print(pcall(function() for _ in pairs(nothing) do end end))
local raw = setmetatable({ 1, 2 }, { __index = function(_, i) if i < 5 then return i * 10 end end })
for i, v in ipairs(raw) do print(i, v) end
for k, v in pairs(raw) do print(k, v) end
