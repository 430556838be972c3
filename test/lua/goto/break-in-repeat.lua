local i = 0
repeat
  i = i + 1
  if i == 3 then break end
until false
print(i)
for _, v in ipairs { 1, 2, 3 } do
  repeat
    if v == 2 then break end
    print(v)
  until true
end
