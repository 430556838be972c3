local w = coroutine.wrap(function() error('from a coroutine') end)
w()
