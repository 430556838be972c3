for _, s in ipairs({ '0', '-0', '10', '  10  ', '0x', '0xg', '0x10', '-0x10', '0XfF', '10 10', '', ' ', '+5', '--5', '5-', '\t7\n', '1_000', '٣', '0b1', '00012', '9223372036854775807', '-9223372036854775808' }) do
  print(('%q'):format(s), tonumber(s))
end
print(tonumber('ff', 16), tonumber('zz', 36), tonumber('8', 8), tonumber('-101', 2), tonumber(' 11 ', 3), tonumber('1 1', 2))
print(tonumber(5), tonumber({}), tonumber(nil), tonumber(true), pcall(tonumber))
print(pcall(tonumber, '1', 1), pcall(tonumber, '1', 37), pcall(tonumber, 1, 10), tonumber('', 10), tonumber('7fffffffffffffff', 16))
print(tonumber('0xffffffffffffffffff'), tonumber('ffffffffffffffffff', 16))
