local Animal = {} Animal.__index = Animal
function Animal.new(name) return setmetatable({ name = name }, Animal) end
function Animal:speak() return self.name .. ' makes ' .. self:sound() end
function Animal:sound() return 'noise' end
local Dog = setmetatable({}, { __index = Animal }) Dog.__index = Dog
function Dog.new(name) local o = Animal.new(name) return setmetatable(o, Dog) end
function Dog:sound() return 'woof' end
local Puppy = setmetatable({}, { __index = Dog }) Puppy.__index = Puppy
function Puppy:sound() return 'small ' .. Dog.sound(self) end
print(Animal.new('a'):speak(), Dog.new('d'):speak(), setmetatable({ name = 'p' }, Puppy):speak())
print(getmetatable(Dog.new('x')) == Dog, rawget(Dog.new('x'), 'sound'))
