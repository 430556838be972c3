local function closer(name) return setmetatable({}, { __close = function() print('close ' .. name) end }) end
for i = 1, 3 do
  local c <close> = closer('loop' .. i)
  if i == 2 then break end
  print('iteration', i)
end
for i = 1, 2 do
  local c <close> = closer('continue' .. i)
  if i == 1 then goto next end
  print('not first')
  ::next::
end
local function early(n)
  local c <close> = closer 'early'
  if n then return n end
  return 'late'
end
print(early(1), early())
do local c <close> = closer 'goto' goto out end
::out::
local n = 0
repeat local c <close> = closer('repeat' .. n) n = n + 1 until n == 2
while n < 4 do local c <close> = closer 'while' n = n + 1 end
