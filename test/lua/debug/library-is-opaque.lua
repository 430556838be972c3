-- What a library function calls for itself is no level: it looks as a function in C does.
local function try(f, ...)
  print((select(2, xpcall(f, debug.traceback, ...)):gsub('\n\t%[C%]: in %?$', '')))
end
local proxy = setmetatable({}, { __len = function() return 5 end })
try(table.insert, proxy, 1, 2, 3)
try(function() table.insert(proxy, 1, 2, 3) end)
try(function() table.concat(proxy) end)
try(function() table.unpack(proxy, 1, 1 << 40) end)
try(function() table.sort({ 1, 2, 'x' }, function(a, b) return a < b end) end)
try(function() table.sort({ {}, {} }) end)
try(function() table.sort({ 1, 2, 3 }, math.ult, 1) table.sort({ 'a', 2 }, math.ult) end)
try(function() ('xyz'):gsub('.', function(c) error(c, 2) end) end)
try(function() ('xyz'):gsub('.', function(c) return {} end) end)
try(function() ('xyz'):gsub('.', error) end)
try(function() print(setmetatable({}, { __tostring = function() error('text') end })) end)
try(function() print(setmetatable({}, { __tostring = function() return {} end })) end)
try(function() ('%s'):format(setmetatable({}, { __tostring = function() error('text', 2) end })) end)
try(function() load(true) end)
try(function() debug.getinfo({}) end)
try(function() debug.traceback('x', {}) end)
try(function() math.max(1, {}) end)
for _ = 1, 2 do
  table.sort({ 2, 1, 3 }, function(a, b)
    for level = 0, 3 do
      local i = debug.getinfo(level, 'nSl')
      print(level, i.what, i.name, i.namewhat, i.currentline)
    end
    print((debug.traceback('in sort'):gsub('\n\t%[C%]: in %?$', '')))
    return a < b
  end)
end
local i = debug.getinfo(0, 'nSf')
print(i.name, i.what, i.func == debug.getinfo, debug.getinfo(1, 'n').name)
