local function log(...) return '[' .. table.concat({ ... }, ',') .. ']' end
local function wrap(f, ...) return f(...) end
print(wrap(log, 1, 2, 3), wrap(wrap, log, 4), wrap(wrap, wrap, log))
local function bind(f, ...)
  local bound = table.pack(...)
  return function(...)
    local all = { table.unpack(bound, 1, bound.n) }
    for i = 1, select('#', ...) do all[bound.n + i] = (select(i, ...)) end
    return f(table.unpack(all, 1, bound.n + select('#', ...)))
  end
end
print(bind(log, 'a', 'b')('c', 'd'))
local function drop(_, ...) return ... end
print(drop(1, 2, 3), drop(1))
local function sum(a, ...) if not a then return 0 end return a + sum(...) end
print(sum(1, 2, 3, 4, 5))
