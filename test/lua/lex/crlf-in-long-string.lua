local s = load('return [[a\r\nb\n\rc\rd]]')()
print((s:gsub('\n', '|')))
print((load('return "a\\\r\nb"')():gsub('\n', '|')))
