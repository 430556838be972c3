print(tostring(0), tostring(-1), tostring(math.maxinteger), tostring(math.mininteger), tostring(0x7f))
print(1 .. '', -100 .. '', 1000000000000 .. '')
print(tostring(nil), tostring(true), tostring('x'), tostring('') == '')
print(pcall(tostring))
for _, n in ipairs { 9, 10, 99, 100, 12345, 1234567890123 } do print(n, #tostring(n), tostring(-n)) end
