-- %p and tostring show the same of functions, tables and coroutines, and functions of the library have addresses too.
local f = function() end
for _, v in ipairs { print, type, string.rep, load, f, {}, coroutine.create(f), string.gmatch('', ''), coroutine.wrap(f) } do
  print(type(v), ('%p'):format(v) == tostring(v):match('0x%x+'), ('%p'):format(v) == ('%p'):format(print))
end
print(('%p %p %p'):format(nil, 1, true))
