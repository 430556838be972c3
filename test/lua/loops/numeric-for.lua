for i = 1, 3 do print(i) end
for i = 3, 1 do print('never') end
for i = 3, 1, -1 do print(i) end
for i = 1, 10, 4 do print(i) end
for i = -3, 3, 3 do print(i) end
for i = 5, 5 do print(i) end
for i = 10, 1, -4 do print(i) end
for i = '1' + 0, 2 do print(i) end
