local function closer(name, e) return setmetatable({}, { __close = function(_, before) print(name, before) if e then error(e, 0) end end }) end
print(pcall(function()
  local a <close> = closer('a')
  local b <close> = closer('b', 'from b')
  local c <close> = closer('c')
  local d <close> = closer('d', 'from d')
  error('first', 0)
end))
print(pcall(function()
  local a <close> = closer('a', 'only in close')
  return 'lost'
end))
print(pcall(function()
  for _, v in ipairs({ 1, 2 }) do
    local x <close> = closer('x' .. v, v == 2 and 'second round' or nil)
  end
end))
print(pcall(function()
  local t <close> = setmetatable({}, { __close = function(_, e) print(e) error({}) end })
  error('text', 0)
end) == false)
