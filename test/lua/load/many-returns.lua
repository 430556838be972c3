local text = {}
for i = 1, 120 do text[i] = tostring(i * i) end
local f = assert(load('return ' .. table.concat(text, ', ')))
print(select('#', f()), (select(120, f())))
local g = load('local a, b, c = ... return c, b, a, select("#", ...)')
print(g(1, 2, 3, 4))
print(load('')(), select('#', load('')()))
print(load('return ...')(nil, nil))
local counters = {}
for i = 1, 5 do counters[i] = load('local n = ' .. i .. ' return function() n = n * 2 return n end')() end
print(counters[1](), counters[1](), counters[5](), counters[3]())
