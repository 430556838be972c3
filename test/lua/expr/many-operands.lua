local a, b, c, d, e, f, g = 1, 2, 3, 4, 5, 6, 7
print(a + b * c - d // e % f | g, (a + b) * (c + d) * (e + f) * g, a .. b .. c .. d .. e .. f .. g)
print(((((((a + b) + c) + d) + e) + f) + g))
print(a + (b + (c + (d + (e + (f + g))))))
print(a - (b - (c - (d - (e - (f - g))))))
print(({ a + b, c + d, e + f })[2])
