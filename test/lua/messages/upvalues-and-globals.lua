local up = {}
local function f() return up.field.sub end
print(pcall(f))
local function g() return up.method() end
print(pcall(g))
local function h() up = nil return up() end
print(pcall(h))
print(pcall(function() return math.nothing() end))
print(pcall(function() return string.nothing.more end))
print(pcall(load('return a.b.c', '=chunk', 't', { a = {} })))
print(pcall(load('x()', '=chunk', 't', {})))
print(pcall(load('local _ENV = {} ; y()', '=chunk')))
