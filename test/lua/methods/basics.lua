local account = { balance = 10 }
function account:deposit(n) self.balance = self.balance + n return self end
function account.get(self) return self.balance end
print(account:deposit(5):deposit(1):get(), account.get(account))
print(('abc'):upper(), ('%d'):format(3), #('x'):rep(3))
local s = 'text'
print(s:len(), s:sub(2, 3), s:byte())
print(pcall(function() return s:nomethod() end))
print(pcall(function() local n = 5 return n:foo() end))
print(pcall(function() local t = {} t:foo() end))
