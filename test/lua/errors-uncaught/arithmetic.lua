local a = 'text'
print(a + 1)
