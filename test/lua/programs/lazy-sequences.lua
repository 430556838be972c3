local Seq = {}
Seq.__index = Seq
local function seq(f) return setmetatable({ next = f }, Seq) end
local function range(from, to) local i = from - 1 return seq(function() if not to or i < to then i = i + 1 return i end end) end
function Seq:map(f) return seq(function() local v = self.next() if v ~= nil then return f(v) end end) end
function Seq:filter(f) return seq(function() local v repeat v = self.next() until v == nil or f(v) return v end) end
function Seq:take(n) return seq(function() if n > 0 then n = n - 1 return self.next() end end) end
function Seq:list() local t = {} for v in self.next do t[#t + 1] = v end return t end
function Seq:zip(other, f) return seq(function() local a, b = self.next(), other.next() if a ~= nil and b ~= nil then return f(a, b) end end) end
print(table.concat(range(1):filter(function(n) return n % 3 == 0 end):map(function(n) return n * n end):take(6):list(), ' '))
print(table.concat(range(1, 5):zip(range(10), function(a, b) return a * b end):list(), ' '))
local primes = seq(coroutine.wrap(function()
  local found = {}
  for n in range(2).next do
    local prime = true
    for _, p in ipairs(found) do if p * p > n then break end if n % p == 0 then prime = false break end end
    if prime then found[#found + 1] = n coroutine.yield(n) end
  end
end))
print(table.concat(primes:take(15):list(), ' '))
