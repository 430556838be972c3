local values, keys, both = setmetatable({}, { __mode = 'v' }), setmetatable({}, { __mode = 'k' }), setmetatable({}, { __mode = 'kv' })
local kept = {}
do
  values.kept, values.lost, values.number, values.text = kept, {}, 5, 'text'
  keys[kept], keys[{}], keys.text = 'kept', 'lost', {}
  both[kept], both[{}], both.lost = kept, kept, {}
end
collectgarbage()
local function names(t) local n = {} for k in pairs(t) do n[#n + 1] = type(k) == 'table' and 'table' or tostring(k) end table.sort(n) return table.concat(n, ' ') end
print(names(values)) print(names(keys)) print(names(both))
local array = setmetatable({}, { __mode = 'v' })
for i = 1, 10 do array[i] = i % 2 == 0 and kept or {} end
collectgarbage()
local n = 0
for _ in pairs(array) do n = n + 1 end
print(n)
