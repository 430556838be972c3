local fs = {}
for i = 1, 10 do
  local x = i
  if i % 2 == 0 then goto continue end
  fs[#fs + 1] = function() return x end
  if i > 6 then break end
  ::continue::
end
local out = {}
for i, f in ipairs(fs) do out[i] = f() end
print(table.concat(out, ' '))
