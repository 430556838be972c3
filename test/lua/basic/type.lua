print(type(1), type('x'), type(nil), type(true), type({}), type(print), type(function() end), type(coroutine.create(print)))
print(pcall(type))
print(type(nil) == 'nil', type(type), type(type(1)))
print(_VERSION, _G._G == _G, type(_ENV), _ENV == _G)
