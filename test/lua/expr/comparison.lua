print(1 < 2, 2 < 1, 1 <= 1, 1 >= 2, 1 == 1, 1 ~= 1)
print('a' < 'b', 'a' < 'B', 'Z' < 'a', '' < 'a', 'a' < 'aa', 'a\0b' < 'a\0c', 'a\0' > 'a')
print('10' < '9', 10 < 9, '10' == 10, 0 == '0', 1 == true)
print(nil == false, nil == nil, {} == {}, print == print)
local t = {}
print(t == t, t ~= {}, rawequal(t, t), rawequal('a', 'a'), rawequal(1, '1'))
print(math.mininteger < math.maxinteger, -1 < 0, math.maxinteger > 0, math.mininteger <= math.mininteger)
