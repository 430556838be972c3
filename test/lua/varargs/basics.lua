local function f(...) return ... end
print(f(), f(1), f(1, 2), (f(1, 2)))
local function count(...) return select('#', ...) end
print(count(), count(nil), count(nil, nil), count(f()))
local function first(...) local a = ... return a end
print(first(), first(7, 8))
local function two(...) local a, b = ... return b, a end
print(two(1), two(1, 2, 3))
local function tbl(...) return #{ ... }, #{ ..., 'end' }, #{ 'start', ... } end
print(tbl(1, 2, 3))
