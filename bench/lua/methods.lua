-- Method calls through __index: classes with two levels of inheritance.
local N = 1800000

local Shape = {}
Shape.__index = Shape
function Shape.new(class, width, height)
  return setmetatable({ width = width, height = height, moved = 0 }, class)
end
function Shape:move(by)
  self.moved = (self.moved + by) % 10007
  return self
end
function Shape:area() return 0 end

local Box = setmetatable({}, { __index = Shape })
Box.__index = Box
function Box:area() return self.width * self.height end

local Square = setmetatable({}, { __index = Box })
Square.__index = Square
function Square:side() return self.width end

local shapes = { Shape:new(1, 2), Box:new(3, 4), Square:new(5, 5) }
local square, sum = shapes[3], 0
for i = 1, N do
  local shape = shapes[i % 3 + 1]
  sum = (sum + shape:move(i):area() + square:side()) % 1000003
end
print(sum, shapes[1].moved, shapes[2].moved, shapes[3].moved)
