local function build(text)
  local counts, nodes = {}, {}
  for c in text:gmatch('.') do counts[c] = (counts[c] or 0) + 1 end
  for c, n in pairs(counts) do nodes[#nodes + 1] = { n = n, key = c, leaf = c } end
  local function before(a, b) return a.n > b.n or a.n == b.n and a.key > b.key end
  while #nodes > 1 do
    table.sort(nodes, before)
    local a, b = table.remove(nodes), table.remove(nodes)
    nodes[#nodes + 1] = { n = a.n + b.n, key = a.key .. b.key, l = a, r = b }
  end
  return nodes[1]
end
local function codes(node, prefix, out)
  if node.leaf then out[node.leaf] = prefix ~= '' and prefix or '0' else
    codes(node.l, prefix .. '0', out)
    codes(node.r, prefix .. '1', out)
  end
  return out
end
local function decode(tree, bits)
  local out, node = {}, tree
  for bit in bits:gmatch('.') do
    if not tree.leaf then node = bit == '0' and node.l or node.r end
    if node.leaf then out[#out + 1] = node.leaf node = tree end
  end
  return table.concat(out)
end
for _, text in ipairs { 'this is an example of a huffman tree', 'aaaa', 'abracadabra' } do
  local tree = build(text)
  local table_ = codes(tree, '', {})
  local bits = text:gsub('.', table_)
  local keys = {}
  for k in pairs(table_) do keys[#keys + 1] = k end
  table.sort(keys)
  for i, k in ipairs(keys) do keys[i] = k .. '=' .. table_[k] end
  print(table.concat(keys, ' '))
  print(#bits, decode(tree, bits) == text)
end
