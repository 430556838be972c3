local s = '\200\201\255\0end'
print(#s, s:byte(1, -1))
print(s == '\xC8\xC9\xff\0end')
print('é' == '\xc3\xa9', #'é')
