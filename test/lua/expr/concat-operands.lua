-- What __concat is given: runs of strings and numbers are joined from the right before it is called.
local log = {}
local mt = {}
local function new(s) return setmetatable({ s = s }, mt) end
mt.__concat = function(a, b)
  local function show(v) return type(v) == 'table' and '{' .. v.s .. '}' or type(v) .. ':' .. v end
  log[#log + 1] = show(a) .. ' .. ' .. show(b)
  return new((type(a) == 'table' and a.s or a) .. (type(b) == 'table' and b.s or b))
end
local o = new('o')
local r
r = o .. 1
r = 1 .. o
r = o .. 1 .. 2 .. 'x'
r = o .. o .. 3
r = 'a' .. o .. 'b'
r = o .. '' .. -7
for i = 1, #log do print(log[i]) end
print(r.s)
print(pcall(function() return 1 .. {} end), pcall(function() return {} .. 1 end))
