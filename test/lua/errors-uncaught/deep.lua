local function f(n) if n == 0 then return nil + 1 end local r = f(n - 1) return r end
f(20)
