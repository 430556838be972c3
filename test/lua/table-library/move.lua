local t = { 1, 2, 3, 4, 5 }
print(table.concat(table.move(t, 2, 4, 1), ' '))
t = { 1, 2, 3, 4, 5 }
print(table.concat(table.move(t, 1, 3, 3), ' '))
print(table.concat(table.move({ 1, 2, 3 }, 1, 3, 1, {}), ' '))
print(table.concat(table.move({ 1, 2, 3 }, 2, 3, 2, { 9, 9, 9, 9 }), ' '))
print(#table.move({ 1, 2, 3 }, 3, 2, 1, {}))
print(pcall(table.move, { 1 }, 1, math.maxinteger, 2))
print(pcall(table.move, { 1 }, 1, 2))
print(pcall(table.move, { 1 }, 1, 2, 1, 5))
print(pcall(table.move, {}, math.mininteger, 0, 1))
