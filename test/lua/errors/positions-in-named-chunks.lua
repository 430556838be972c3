-- Chunks whose names look like those of the library, or like anything else.
for _, name in ipairs { '=[string]', '=[C]', '=[', '@[base]', '=(load)', '=', '@', '', '[x]', '=?', 'a\nb', '\n', ('x'):rep(80), '@' .. ('y'):rep(80), '=' .. ('z'):rep(80) } do
  print(pcall(load("error('x')", name)))
  print(pcall(load('local t\n\nt.x = 1', name)))
  print((select(2, xpcall(load("local t = nil + 1"), debug.traceback)):gsub('\n\t%[C%]: in %?$', '')))
  print(load('x =', name))
end
