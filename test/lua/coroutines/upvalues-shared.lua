-- Coroutines that share variables with each other and with the main program.
local x = 0
local function make(step) return coroutine.wrap(function() local own = x while true do x = x + step own = own + step coroutine.yield(own, x) end end) end
local a, b = make(1), make(100)
print(a()) print(b()) print(a()) x = 5 print(b()) print(a())
local get, set
local co = coroutine.create(function()
  local hidden = 'first'
  get = function() return hidden end
  set = function(v) hidden = v end
  coroutine.yield()
  print('inside', hidden)
  hidden = 'last'
end)
coroutine.resume(co)
print(get()) set('second') coroutine.resume(co) print(get())
