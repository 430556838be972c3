local x = 1
do
  local x = x + 1
  print(x)
  do
    local x = x * 10
    print(x)
  end
  print(x)
end
print(x)
local x = x + 100
print(x)
local function f(x) local x = x or 'default' return x end
print(f(), f(3))
