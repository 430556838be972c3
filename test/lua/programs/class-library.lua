local function class(name, base)
  local c = { name = name, super = base }
  c.__index = c
  if base then
    setmetatable(c, { __index = base, __call = base.__construct })
    for k, v in pairs(base) do if k:find('^__') and k ~= '__index' then c[k] = v end end
  end
  function c.__construct(self, ...)
    local o = setmetatable({}, self)
    if self.init then self.init(o, ...) end
    return o
  end
  local mt = getmetatable(c) or {}
  mt.__call = c.__construct
  return setmetatable(c, mt)
end
local function is(o, c) local k = getmetatable(o) while k do if k == c then return true end k = k.super end return false end
local Shape = class 'Shape'
function Shape:init(n) self.label = n end
function Shape:area() return 0 end
Shape.__tostring = function(s) return s.name .. '(' .. s.label .. ') area ' .. s:area() end
Shape.__lt = function(a, b) return a:area() < b:area() end
Shape.__eq = function(a, b) return a:area() == b:area() end
local Rect = class('Rect', Shape)
function Rect:init(n, w, h) Shape.init(self, n) self.w, self.h = w, h end
function Rect:area() return self.w * self.h end
local Square = class('Square', Rect)
function Square:init(n, s) Rect.init(self, n, s, s) end
local shapes = { Rect('r', 3, 5), Square('s', 4), Shape('p'), Square('t', 2) }
table.sort(shapes, function(a, b) return a < b end)
for _, s in ipairs(shapes) do print(s, is(s, Shape), is(s, Rect), is(s, Square)) end
print(Rect('a', 2, 8) == Square('b', 4), Rect('a', 1, 1) == Square('b', 4), Square.super.super == Shape)
