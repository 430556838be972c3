-- A callable table as the iterator of a generic for, and in tail position.
local counter = setmetatable({ last = 4 }, { __call = function(self, _, i)
  i = (i or 0) + 1
  if i <= self.last then return i, i * i end
end })
for i, square in counter do print(i, square) end
local function tail(n) return counter(nil, n) end
print(tail(2))
print(tail(9))
