-- How names of chunks show in messages.
local function position(name) return select(2, pcall(load('error("e")', name))) end
print(position('=short'))
print(position('@file.lua'))
print(position('text of the chunk'))
print(position('first line\nsecond'))
print(position('=' .. ('x'):rep(100)))
print(position('@' .. ('path/'):rep(30) .. 'end.lua'))
print(position(('long text '):rep(20)))
print(select(2, pcall(load('error("e")'))))
print(select(2, pcall(load('\n\n  error("third")', '=n'))))
print(position('='))
print(position('@'))
print(position(''))
