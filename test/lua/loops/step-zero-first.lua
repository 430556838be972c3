-- Of integers the step is looked at before the limit.
print(pcall(function() for i = 1, {}, 0 do end end))
print(pcall(function() for i = 1, {}, 1 do end end))
print(pcall(function() for i = {}, {}, 0 do end end))
print(pcall(function() for i = 1, 'x', 0 do end end))
print(pcall(function() for i = 1, 2, {} do end end))
print(pcall(function() for i = 1, 2, 0 do end end))
