local t, n = {}, nil
print(pcall(function() return 'a' .. n end))
print(pcall(function() return t .. 'a' end))
print(pcall(function() return 'a' .. undefined end))
print(pcall(function() return 'a' .. t.x end))
print(pcall(function() return 1 .. true end))
print(pcall(function() local l = print return 'a' .. 'b' .. l end))
print(pcall(function() return 'a' .. n .. 'c' end))
print(pcall(function() return t.name .. ' suffix' end))
