local state = 88172645463325252
local function random() state = state ~ state << 13 state = state ~ state >> 7 state = state ~ state << 17 return state end
for _ = 1, 10 do print(random()) end
local x = 1
for _ = 1, 1000 do x = x * 6364136223846793005 + 1442695040888963407 end
print(x, x >> 33, ('%016x'):format(x))
local counts = {}
for _ = 1, 1000 do local b = random() & 7 counts[b] = (counts[b] or 0) + 1 end
for b = 0, 7 do print(b, counts[b]) end
