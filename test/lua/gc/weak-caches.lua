local cache = setmetatable({}, { __mode = 'v' })
local function get(k) local v = cache[k] if not v then v = { k = k } cache[k] = v end return v end
local a = get 'a'
for i = 1, 200 do get('temp' .. i) end
collectgarbage()
local n = 0
for _ in pairs(cache) do n = n + 1 end
print(n, cache.a == a)
local both = setmetatable({}, { __mode = 'kv' })
both[a] = a
both[1] = {}
collectgarbage()
print(both[a] == a, both[1])
