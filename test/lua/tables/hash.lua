local t = { x = 1, ['y z'] = 2, [true] = 'yes', [false] = 'no', [10] = 'ten', [-1] = 'minus' }
print(t.x, t['y z'], t[true], t[false], t[10], t[-1], t.missing)
t.x = nil
print(t.x)
t[print] = 'function key'
local k = {}
t[k] = 'table key'
print(t[print], t[k], t[{}])
t[math.maxinteger], t[math.mininteger] = 'max', 'min'
print(t[math.maxinteger], t[math.mininteger])
