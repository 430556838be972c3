local kept
do
  local x = 'initial'
  local c <close> = setmetatable({}, { __close = function() x = x .. ' closed' end })
  kept = function() return x end
  print(kept())
end
print(kept())
