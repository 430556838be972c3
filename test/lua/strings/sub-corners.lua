local s = 'abcdef'
for _, r in ipairs({ { 1, 3 }, { 2 }, { -2 }, { -3, -2 }, { 0 }, { 0, 0 }, { 3, 2 }, { 5, 100 }, { -100, 2 }, { math.mininteger, math.maxinteger }, { math.maxinteger }, { 7 }, { 6, 6 } }) do
  print(r[1], r[2], '[' .. s:sub(r[1], r[2]) .. ']')
end
print(s:byte(), s:byte(2), s:byte(-1), s:byte(10), s:byte(2, 4))
print(select('#', s:byte(10)), select('#', s:byte(1, -1)), select('#', s:byte(3, 2)))
print(string.char(), string.char(72, 105), #string.char(0, 255))
print(s:len(), #s, s:upper(), s:reverse(), ('ÀB'):lower(), (''):reverse() == '')
