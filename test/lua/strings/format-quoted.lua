print(string.format('%q', 'simple'), string.format('%q', 'with "quotes" and \\'))
print(string.format('%q', 'line\nbreak'))
print(string.format('%q', 'nul\0end\0001'), string.format('%q', '\r\t\127\200'):byte(1, -1))
print(string.format('%q', 42), string.format('%q', -7), string.format('%q', math.mininteger), string.format('%q', math.maxinteger))
print(string.format('%q %q %q', nil, true, false))
local s = 'any \1\2\3"\\\n\r\0009 text'
print(load('return ' .. string.format('%q', s))() == s)
print(pcall(string.format, '%q', {}))
print(pcall(string.format, '%5q', 'x'))
