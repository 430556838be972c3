local function at(level) error('blame', level) end
local function one(level) at(level) end
local function two(level)
  one(level)
end
for level = 0, 5 do print(level, pcall(two, level)) end
local function tail(level) return at(level) end
print(pcall(function() tail(2) end))
local co = coroutine.wrap(function() at(1) end)
print(pcall(co))
print(pcall(load('error("in chunk", 1)', '=chunk')))
print(pcall(load('error("in chunk", 2)', '=chunk')))
