local Account = {}
Account.__index = Account
local function open(owner, balance) return setmetatable({ owner = owner, balance = balance, history = {} }, Account) end
function Account:transfer(to, amount)
  if amount <= 0 then error({ code = 'AMOUNT', amount = amount }) end
  if self.balance < amount then error(setmetatable({ code = 'FUNDS', need = amount - self.balance }, { __tostring = function(e) return 'short by ' .. e.need end })) end
  self.balance, to.balance = self.balance - amount, to.balance + amount
  self.history[#self.history + 1] = -amount
  to.history[#to.history + 1] = amount
end
local a, b = open('Ann', 100), open('Bob', 20)
for _, amount in ipairs { 50, 80, -5, 50, 1 } do
  local ok, e = pcall(a.transfer, a, b, amount)
  print(amount, ok, ok or e.code, ok and '' or e.need and tostring(e) or e.amount)
end
print(a.balance, b.balance, table.concat(a.history, ' '), table.concat(b.history, ' '))
