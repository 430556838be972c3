-- Levels of another coroutine.
local co = coroutine.create(function(p)
  local inside = 'inside'
  coroutine.yield()
end)
coroutine.resume(co, 'parameter')
print(debug.getinfo(co, 0, 'S').what, debug.getinfo(co, 1, 'l').currentline, debug.getinfo(co, 2))
print(debug.getlocal(co, 1, 1))
print(debug.getlocal(co, 1, 2))
print(debug.setlocal(co, 1, 2, 'changed'), debug.getlocal(co, 1, 2))
print((debug.traceback(co):gsub('\n.*', '')))
print(debug.traceback(co, nil, 1):match('in [^\n]*$') ~= nil)
print((debug.traceback(co, 'message'):match('^message')))
