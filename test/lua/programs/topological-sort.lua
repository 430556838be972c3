local function sort(graph)
  local order, state, names = {}, {}, {}
  for name in pairs(graph) do names[#names + 1] = name end
  table.sort(names)
  local function visit(name, path)
    if state[name] == 'done' then return end
    if state[name] == 'open' then error('cycle: ' .. path .. ' > ' .. name, 0) end
    state[name] = 'open'
    for _, dependency in ipairs(graph[name] or {}) do visit(dependency, path .. ' > ' .. name) end
    state[name] = 'done'
    order[#order + 1] = name
  end
  for _, name in ipairs(names) do visit(name, 'root') end
  return table.concat(order, ' ')
end
print(sort { app = { 'lib', 'net' }, lib = { 'core' }, net = { 'core', 'tls' }, tls = { 'core' } })
print(pcall(sort, { a = { 'b' }, b = { 'c' }, c = { 'a' } }))
print(pcall(sort, {}))
