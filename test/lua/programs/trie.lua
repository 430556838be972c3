local function new() return { children = {}, count = 0 } end
local root = new()
local function insert(word)
  local node = root
  for c in word:gmatch('.') do
    node.children[c] = node.children[c] or new()
    node = node.children[c]
    node.count = node.count + 1
  end
  node.word = word
end
local function walk(node, out)
  if node.word then out[#out + 1] = node.word end
  local keys = {}
  for c in pairs(node.children) do keys[#keys + 1] = c end
  table.sort(keys)
  for _, c in ipairs(keys) do walk(node.children[c], out) end
  return out
end
local function complete(prefix)
  local node = root
  for c in prefix:gmatch('.') do node = node.children[c] if not node then return {} end end
  return walk(node, {}), node.count
end
for w in ('car card care cat dog do dot door cargo'):gmatch('%a+') do insert(w) end
for _, p in ipairs { 'car', 'do', 'x', 'cat', '' } do local words, n = complete(p) print(p, #words, n, table.concat(words, ' ')) end
