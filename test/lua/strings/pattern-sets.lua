for _, p in ipairs({ '[abc]', '[^abc]', '[a-c]', '[c-a]', '[a-]', '[-a]', '[]]', '[]a]', '[^]]', '[%]]', '[%a-z]', '[a%-z]', '[%d%s]', '[^%d%s]', '[+-]', '[.]', '[%.]', '[a-cx-z]', '[^a-y]' }) do
  print(p, ('a-b]c.z 9+'):gsub(p, '#'))
end
for _, p in ipairs({ '[', '[a', '[^', '[]', '[^]', '[%', 'a%', '%', '(a', 'a)', '%1', '(a)%2', '%b', '%bx', '%f', '%fa', '(()', '[a-%' }) do
  print(p, pcall(string.find, 'abc', p))
end
