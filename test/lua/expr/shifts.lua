for _, n in ipairs { 0, 1, 4, 31, 32, 33, 62, 63, 64, 65, 100, math.maxinteger } do
  print(n, 1 << n, -1 >> n, -1 << n, 0x7fffffffffffffff >> n)
  print(-n, 1 << -n, -1 >> -n, -256 >> -n)
end
print(1 << math.mininteger, 1 >> math.mininteger, -1 >> math.mininteger)
