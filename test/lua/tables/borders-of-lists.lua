-- The length of lists with holes, as they are made.
print(#{ nil, 1 }, #{ nil, nil, 3, nil }, #{ 1, nil, 3, nil, nil }, #{ nil, 'a', nil }, #{ nil, nil }, #{ nil }, #{ 1, nil, 3 })
print(#table.pack(nil, 1, nil), #table.pack(1, nil, nil, 4, nil, nil), #{ table.unpack({ 1, nil, 3 }, 1, 5) })
for size = 1, 8 do
  local lengths = {}
  for mask = 0, (1 << size) - 1 do
    local items = {}
    for k = 1, size do items[k] = mask >> (k - 1) & 1 == 1 and 'k' or 'nil' end
    local t = load('local k = 1 return {' .. table.concat(items, ',') .. '}')()
    lengths[#lengths + 1] = #t .. (#t == #t and '' or '!')
  end
  print(size, table.concat(lengths, ' '))
end
