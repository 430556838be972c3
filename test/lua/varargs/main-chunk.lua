print(select('#', ...))
print(...)
local a, b = ...
print(a, b)
local f = load('return select("#", ...), ...')
print(f(1, 'x'))
