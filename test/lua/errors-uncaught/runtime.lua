print('before')
local t = {}
t.x.y = 1
print('never')
