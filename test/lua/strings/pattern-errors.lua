for _, p in ipairs { '%', '[a', '[%', '[', '(a', 'a)', '%b', '%bx', '%f', '%fa', '(()', '[^', '[]', '[a-', 'x(%' } do
  print(p, pcall(string.find, 'aaa', p))
end
print(pcall(string.rep))
print(pcall(string.find, 'a'))
print(pcall(string.gsub, 'a', 'a'))
print(pcall(string.match, nil, 'a'))
print(pcall(string.find, 'a', ('(a)'):rep(33)))
