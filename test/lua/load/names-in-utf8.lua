-- Names and texts of chunks in UTF-8, and where names are cut.
for _, name in ipairs { '=é', '@ß.lua', "print('ä')", '€\nx', ('ö'):rep(40), '=' .. ('ü'):rep(40), '@' .. ('ü'):rep(40) } do
  print(load('x = "é" "ß"', name))
  print(pcall(load('error("ä")', name)))
  local i = debug.getinfo(load('', name), 'S')
  print(i.source, i.short_src)
end
for length = 43, 47 do
  local name = ('a'):rep(length)
  print(load('x =', name))
  print(pcall(load('error("x")', name)))
  print(pcall(load('error("x")', name .. '\n')))
end
