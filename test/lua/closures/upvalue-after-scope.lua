local get, set
do
  local hidden = 'initial'
  get = function() return hidden end
  set = function(v) hidden = v end
end
do local other = 'clobber' print(other) end
print(get())
set('changed')
print(get())
local fs = {}
for i = 1, 2 do
  local a, b = i, i * 2
  fs[#fs + 1] = function() a, b = b, a return a, b end
end
print(fs[1](), fs[1](), fs[2]())
