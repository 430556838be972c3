-- Anything can be an error.
for _, v in ipairs({ 'text', 42, true, false }) do print(pcall(error, v)) end
print(pcall(error), pcall(error, nil))
print(select(2, pcall(error, print)) == print)
local t = setmetatable({ code = 5 }, { __tostring = function(e) return 'code ' .. e.code end })
local fine, e = pcall(error, t)
print(fine, tostring(e), e == t, e.code)
print(pcall(error, 'with level', 1), pcall(error, 'no position', 0))
print(pcall(function() error(7) end))
print(pcall(function() error('12') end))
print(pcall(function() error(12, 2) end))
