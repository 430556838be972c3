local t = {}
t[1], t['1'] = 'number', 'string'
print(t[1], t['1'])
t[0x10] = 'hex'
print(t[16])
print(pcall(function() t[nil] = 1 end))
print(t[nil])
print(pcall(rawset, t, nil, 1))
