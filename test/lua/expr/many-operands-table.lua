print(({ 1 + 2, 3 + 4, 5 + 6 })[2], ({ n = { m = 5 } }).n.m, (('x'):rep(3)), #('abc' .. 'de'))
print((function(...) return select('#', ...) end)(1, nil, nil))
print(((({})))[1], (function() return 1, 2 end)())
print((select('#', (function() return 1, 2 end)())), (select('#', ((function() return 1, 2 end)()))))
