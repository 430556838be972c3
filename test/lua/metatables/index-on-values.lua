print(pcall(function() local a = 5 return a.x end))
print(pcall(function() local a = true a.x = 1 end))
print(('x').len == string.len, ('x').missing, #('abc'))
print(pcall(function() local s = 'x' s.y = 1 end))
string.shout = function(s) return s:upper() .. '!' end
print(('hey'):shout())
string.shout = nil
