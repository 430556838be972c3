local function class(base)
  local c = {}
  c.__index = c
  return setmetatable(c, {
    __index = base,
    __call = function(self, ...)
      local o = setmetatable({}, self)
      if o.init then o:init(...) end
      return o
    end,
  })
end
local Point = class()
function Point:init(x, y) self.x, self.y = x, y end
function Point.__add(a, b) return Point(a.x + b.x, a.y + b.y) end
function Point.__eq(a, b) return a.x == b.x and a.y == b.y end
function Point:__tostring() return '(' .. self.x .. ', ' .. self.y .. ')' end
local Point3 = class(Point)
function Point3:init(x, y, z) Point.init(self, x, y) self.z = z end
print(tostring(Point(1, 2) + Point(3, 4)), Point(1, 2) == Point(1, 2), Point(1, 2) == Point(2, 1))
print(Point3(1, 2, 3).z, Point3(1, 2, 3).x)
