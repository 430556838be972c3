local function create(...)
  local parents, c = { ... }, {}
  setmetatable(c, { __index = function(_, k) for _, p in ipairs(parents) do local v = p[k] if v then return v end end end })
  c.__index = c
  function c:new(o) return setmetatable(o or {}, c) end
  return c
end
local Named = { getname = function(self) return self.name end }
local Account = { withdraw = function(self, n) self.balance = self.balance - n return self.balance end }
local NamedAccount = create(Named, Account)
local a = NamedAccount:new { name = 'Paul', balance = 100 }
print(a:getname(), a:withdraw(30), a.nothing)
