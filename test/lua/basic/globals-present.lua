local names = {}
for _, lib in ipairs { 'string', 'table', 'coroutine', 'utf8' } do
  for k in pairs(_G[lib]) do if k ~= 'dump' then names[#names + 1] = lib .. '.' .. k end end
end
table.sort(names)
print(table.concat(names, '\n'))
for _, n in ipairs { 'assert', 'error', 'getmetatable', 'ipairs', 'load', 'next', 'pairs', 'pcall', 'print', 'rawequal', 'rawget', 'rawlen', 'rawset', 'select', 'setmetatable', 'tonumber', 'tostring', 'type', 'xpcall', 'collectgarbage', 'warn' } do
  print(n, type(_G[n]))
end
for _, n in ipairs { 'abs', 'ceil', 'floor', 'fmod', 'max', 'min', 'random', 'randomseed', 'tointeger', 'type', 'ult' } do print(n, type(math[n])) end
