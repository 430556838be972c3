-- Of several faults of a numeric loop, one is told.
for _, text in ipairs {
  'for i = 1, true, 0 do end', 'for i = 1, 2, 0 do end', 'for i = {}, true, 0 do end', 'for i = {}, 1, 0 do end', 'for i = 1, {}, {} do end',
  'for i = {}, 1, {} do end', 'for i = {}, {}, {} do end', 'for i = 1, nil do end', 'for i = nil, 1 do end', 'for i = print, 1, 1 do end',
} do print(text, pcall(load(text, '=t'))) end
