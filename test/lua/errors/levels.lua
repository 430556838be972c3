local function one() error('level 1', 1) end
local function two() error('level 2', 2) end
local function zero() error('level 0', 0) end
local function three() error('level 3', 3) end
local function through() two() end
print(pcall(one))
print(pcall(through))
print(pcall(zero))
print(pcall(function() through() local x = 1 end))
local function outer() three() local x = 1 end
print(pcall(function()
  outer()
  local y = 2
end))
print(pcall(function() error() end))
print(pcall(function() error('at line') end))
print(pcall(function() error('deep', 50) end))
