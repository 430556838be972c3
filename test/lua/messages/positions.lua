local function multi(a,
  b)
  return a
    + b
end
print(pcall(multi, 1, {}))
print(pcall(function()
  local t = {
    x = 1,
    y = nil + 1,
  }
end))
print(pcall(function()
  local a = 'x'

  return a
    .y
    .z
end))
print(pcall(function() error(
  'multi-line call') end))
print(pcall(function()
  undefined(
    1,
    2
  )
end))
