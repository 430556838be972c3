print()
print(nil, true, false, 1, 'x')
print('a', '', 'b')
print(('x'):rep(100))
print('tab\tand\nnewline')
print(table.unpack { 1, 2, 3 })
print('\0zero' == '\0zero', #'\0')
local real = print
print = function(...) real('wrapped', ...) end
print(1, 2)
print = real
print(setmetatable({}, { __tostring = function() return 'object' end }), 'x')
