-- Only the last variable of a statement can be a constant that the compiler knows.
local function try(text) print(text, pcall(load(text, '=c'))) end
try('local k <const>, t = "key", {} return t[k] + 1')
try('local t, k <const> = {}, "key" return t[k] + 1')
try('local k <const>, t = 5, {} return k.x.y')
try('local t, k <const> = {}, 5 return k.x.y')
try('local k <const>, t = "key" return k.x.y')
try('local k <const> = "s" or 1 return ~k')
try('local k <const> = nil or "s" return ~k')
local function locals(text)
  load(text)(function()
    for i = 2, 4 do print(text, debug.getlocal(2, i)) end
  end)
end
locals('local show = ... ; local a <const>, b <const> = 1, 2 show()')
locals('local show = ... ; local a <const> = 1 show()')
locals('local show = ... ; local a <const>, b = 1, 2 show()')
