local saved
do setmetatable({ name = 'x' }, { __gc = function(o) saved = o end }) end
collectgarbage()
collectgarbage()
print(saved and saved.name)
saved = nil
collectgarbage()
print(saved)
