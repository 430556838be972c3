-- Coroutines that resume each other without end.
local levels = 0
local function resumes()
  levels = levels + 1
  local ok, message = coroutine.resume(coroutine.create(resumes))
  if not ok then print(levels > 150, message) end
end
resumes()

levels = 0
local function wraps()
  levels = levels + 1
  coroutine.wrap(wraps)()
end
local ok, message = pcall(wraps)
print(ok, levels > 150, message:match('[^:]*$'))

-- what is closed or has yielded counts no more
for _ = 1, 1000 do
  local co = coroutine.create(function() local x <close> = setmetatable({}, {__close = function() end}) coroutine.yield() end)
  coroutine.resume(co)
  coroutine.close(co)
end
print(coroutine.wrap(function() return 'fine' end)())
