local function check(x)
  if type(x) ~= 'number' then error('number expected', 2) end
end
print('checking')
check('x')
