-- Functions of the library show none of their insides.
for _, f in ipairs({ print, ipairs, pairs, tostring, collectgarbage, table.sort, string.gsub, load }) do
  local n = 0
  while debug.getupvalue(f, n + 1) do n = n + 1 end
  print(n, debug.setupvalue(f, 1, 2), debug.upvalueid(f, 1))
  print(pcall(debug.upvaluejoin, f, 1, function() return n end, 1))
  print(pcall(debug.upvaluejoin, function() return n end, 1, f, 1))
end
