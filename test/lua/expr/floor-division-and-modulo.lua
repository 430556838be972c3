for _, a in ipairs { 7, -7, 0, 1, -1, math.maxinteger, math.mininteger } do
  for _, b in ipairs { 3, -3, 1, -1, 2, 7, -7, math.maxinteger, math.mininteger } do
    print(a, b, a // b, a % b, (a // b) * b + a % b == a)
  end
end
