-- Matches with many captures at every depth of the stack: its growth must not lose or repeat one.
local subject = ('abcdefghijklmnopqrstuvwxyz'):rep(3)
local pattern = ('(.)'):rep(26)

local function total(...)
  local n = 0
  for i = 1, select('#', ...) do n = n + #(select(i, ...)) end
  return n
end

local function gmatches()
  local found, letters = 0, 0
  local step, state = string.gmatch(subject, pattern)
  while true do
    local n = total(step(state))
    if n == 0 then break end
    found, letters = found + 1, letters + n
  end
  return found .. ':' .. letters
end

local function gsubs()
  local calls = 0
  local text = subject:gsub(pattern, function(...)
    calls = calls + 1
    return select(-1, ...) .. calls
  end)
  return text
end

local function deep(n, f)
  local a, b, c, d, e = n, n, n, n, n
  if n == 0 then return f() end
  local result = deep(n - 1, f)
  return result, a + b + c + d + e
end

local seen = {}
for depth = 0, 150 do
  for _, f in ipairs({ gmatches, gsubs }) do
    local result = coroutine.wrap(function() return (deep(depth, f)) end)()
    if not seen[result] then
      seen[result] = true
      print(depth, result)
    end
  end
end

-- the same for other calls with many results
for depth = 0, 150 do
  coroutine.wrap(function()
    local function many() return select('#', table.unpack({}, 1, 60)), select('#', subject:byte(1, 70)), select('#', utf8.codepoint(subject, 1, 40)), select('#', string.unpack(('b'):rep(50), subject)) end
    local packed = table.pack(deep(depth, function() return table.concat({ many() }, ' ') end))
    if not seen[packed[1]] then
      seen[packed[1]] = true
      print(depth, packed[1])
    end
  end)()
end

-- and for functions whose call is made through __call and metamethods
local callable = setmetatable({}, { __call = function(self, ...) return select('#', ...) end })
local indexed = setmetatable({}, { __index = function(_, k) local a, b, c, d, e, f, g, h = k, k, k, k, k, k, k, k; return a + h end,
  __add = function(a, b) local c, d, e, f, g, h, i, j = 1, 2, 3, 4, 5, 6, 7, 8; return c + j end })
for depth = 0, 150 do
  coroutine.wrap(function()
    local text = deep(depth, function() return callable(1, 2, 3) .. ' ' .. indexed[4] .. ' ' .. (indexed + 1) end)
    if not seen[text] then
      seen[text] = true
      print(depth, text)
    end
  end)()
end
