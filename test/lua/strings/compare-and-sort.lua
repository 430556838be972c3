local words = { 'banana', 'Apple', 'cherry', 'apple', 'Banana', '10', '9', '', 'a\0b', 'a', 'zebra', '_x' }
table.sort(words)
for i, w in ipairs(words) do print(i, (w:gsub('%z', '\\0'))) end
print('a' < 'b', 'abc' < 'abd', 'Z' < 'a', 'a' .. '' == 'a')
