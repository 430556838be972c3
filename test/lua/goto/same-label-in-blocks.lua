do ::l:: print(1) end
do ::l:: print(2) end
local function f() do goto l end print('skipped') ::l:: return 3 end
print(f())
for i = 1, 2 do
  do goto continue end
  ::continue::
end
do
  goto e
  local x
  ::e::
end
print('ok')
