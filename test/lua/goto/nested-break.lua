for i = 1, 3 do
  for j = 1, 3 do
    if i * j == 4 then goto done end
    print(i, j)
  end
end
::done::
print('done')
do
  local k = 0
  ::a::
  k = k + 1
  if k == 1 then goto b end
  if k == 2 then goto c end
  goto d
  ::b:: print('b') goto a
  ::c:: print('c') goto a
  ::d:: print('d')
end
