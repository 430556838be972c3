local e = setmetatable({}, { __mode = 'k' })
local function fill() local k = {} e[k] = { k } local a, b = {}, {} e[a] = b e[b] = a end
fill()
collectgarbage()
print(next(e))
local key = {}
e[key] = { ref = key }
collectgarbage()
print(e[key].ref == key)
