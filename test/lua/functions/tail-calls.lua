local function loop(n, acc) if n == 0 then return acc end return loop(n - 1, acc + n) end
print(loop(100000, 0))
local even, odd
function even(n) if n == 0 then return true end return odd(n - 1) end
function odd(n) if n == 0 then return false end return even(n - 1) end
print(even(50001), odd(50001))
local function multi(n) if n == 0 then return 1, 2, 3 end return multi(n - 1) end
print(multi(1000))
local o = { go = function(self, n) if n == 0 then return 'end' end return self:go(n - 1) end }
print(o:go(20000))
return loop(1, 0)
