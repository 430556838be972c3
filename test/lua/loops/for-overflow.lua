local max, min = math.maxinteger, math.mininteger
for i = max - 2, max do print(i) end
for i = min + 2, min, -1 do print(i) end
for i = max - 1, max, 5 do print(i) end
for i = min + 1, min, -5 do print(i) end
for i = max, max do print('once', i) end
for i = min, min do print('once', i) end
for i = max, max + 1 do print('never') end
