-- gsub inside gsub, and a callback that itself uses patterns.
local s = ('a(b(c)d)e'):gsub('%b()', function(inner)
  return '<' .. inner:sub(2, -2):gsub('%b()', function(x) return '[' .. x:sub(2, -2) .. ']' end) .. '>'
end)
print(s)
print((('k=v;x=y'):gsub('[^;]+', function(pair) local k, v = pair:match('(%w)=(%w)') return v .. k end)))
local n = 0
print((('aaaa'):gsub('a', function() n = n + 1 if n % 2 == 0 then return n end end)))
