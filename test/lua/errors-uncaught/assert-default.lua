print(1)
assert(nil)
