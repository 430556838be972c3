local Set = {}
Set.__index = Set
local function set(list) local s = setmetatable({}, Set) for _, v in ipairs(list) do s[v] = true end return s end
function Set.__add(a, b) local r = set {} for k in pairs(a) do r[k] = true end for k in pairs(b) do r[k] = true end return r end
function Set.__mul(a, b) local r = set {} for k in pairs(a) do r[k] = b[k] end return r end
function Set.__sub(a, b) local r = set {} for k in pairs(a) do if not rawget(b, k) then r[k] = true end end return r end
function Set.__le(a, b) for k in pairs(a) do if not rawget(b, k) then return false end end return true end
function Set.__lt(a, b) return a <= b and not (b <= a) end
function Set.__eq(a, b) return a <= b and b <= a end
function Set.__len(a) local n = 0 for _ in pairs(a) do n = n + 1 end return n end
function Set:__tostring() local t = {} for k in pairs(self) do t[#t + 1] = k end table.sort(t) return '{' .. table.concat(t, ', ') .. '}' end
local a, b = set { 10, 20, 30, 50 }, set { 30, 1 }
print(a + b, a * b, a - b, #a, #(a + b))
print(set { 1 } <= set { 1, 2 }, set { 1 } < set { 1 }, set { 1, 2 } == set { 2, 1 }, a >= b, a > a * b)
