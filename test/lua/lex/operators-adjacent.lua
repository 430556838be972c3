local a, b = 7, 2
print(a//b, a<b, a<=b, a>b, a>=b, a~=b, a==b, a<<b, a>>b, a~b, ~a, a&b, a|b)
print(1 ..2, a..b)
print(-a--[[comment]]-b)
print(- -a, not not a, ~~a)
