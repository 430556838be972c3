-- The line of an error in an expression over several lines.
local t = {}
print(pcall(function()
  local a = 1
  local b = a +
    t.x
  return b
end))
print(pcall(function()
  return t
    .x
    .y
end))
print(pcall(function()
  t.f(
    1,
    2
  )
end))
print(pcall(function()
  local s = 'a'
    .. 'b'
    .. t
end))
print(pcall(function()
  for i = 1,
    'x' do end
end))
print(pcall(function()
  if t <
    1 then end
end))
