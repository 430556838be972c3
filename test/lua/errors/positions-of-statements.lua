-- The line of an error in statements of several lines.
local function try(f) print(pcall(f)) end
try(function()
  for i = 1,
    'x' do
  end
end)
try(function()
  for i = 1,
    2,
    'x'
  do
  end
end)
try(function()
  for a,
    b
    in
    5
    do
  end
end)
try(function()
  local t = {}
  if t <
    1 then
  end
end)
try(function()
  local t = {}
  return t
    <
    1
end)
try(function()
  local t = {}
  return t
    +
    1
end)
try(function()
  local t = {}
  t
    .x
    .z
    =
    5
end)
try(function()
  local t
  t.x = {
    1,
    2,
  }
end)
try(function()
  local t
  function t.f()
    return 1
  end
end)
try(function()
  local t
  t.x, t.y
    = 1,
    2
end)
try(function()
  local t <close>
    =
    5
end)
