local n = 1
::top::
if n <= 3 then
  print(n)
  n = n + 1
  goto top
end
do
  goto skip
  print('skipped')
  ::skip::
end
print('end')
