-- A handler may return anything, or nothing, and get anything.
for _, v in ipairs { 1, 'text', true, {} } do
  print(select('#', xpcall(error, function(e) return e, e end, v)), type(select(2, xpcall(error, function(e) return e end, v))))
end
print(xpcall(error, function() end, 'x'))
print(xpcall(error, function(e) return e == nil end))
print(xpcall(error, type, {}))
print(xpcall(error, tostring, 42))
print(xpcall(error, print, 'printed'))
print(pcall(xpcall, error, setmetatable({}, { __call = function(self, e) return 'called ' .. e end }), 'x'))
print(xpcall(function(...) return select('#', ...), ... end, print, nil, 2, nil))
