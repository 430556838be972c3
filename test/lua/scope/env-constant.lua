-- a compile-time constant as the environment of globals
local function try(text)
  local f, message = load(text, '=x')
  if not f then return print(message) end
  print(pcall(f))
end
try "local _ENV <const> = 11; X = 'hi'"
try 'local _ENV <const> = 11; return X'
try 'local _ENV <const> = 11; return X.y'
try 'local _ENV <const> = 11; return (function() return X end)()'
try 'local _ENV <const> = 11; local function f() X = 1 end f()'
try 'local _ENV <const> = 11; local function X() end return X == nil, _ENV'
try 'local _ENV <const> = 11; function X() end'
try 'local _ENV <const> = 11; X, Y = 1, 2'
try 'local _ENV <const> = 11; for i = 1, 2 do X = i end'
try 'local _ENV <const> = nil; return X()'
try 'local _ENV <const> = false; if X then return 1 end'
try "local _ENV <const> = 'a'; return X"
try "local _ENV <const> = 'a'; return len == nil, #_ENV, _ENV .. 'x', upper and 1"
try "local _ENV <const> = 'a'; return upper(_ENV)"
try "local _ENV <const> = 'a'; X = 1"
try "local _ENV <const> = 'a'; _ENV = 1"
try 'local _ENV <const> = 11; local x <const> = _ENV + 1; return x'
try('local _ENV <const> = 11; return ' .. string.rep('x', 100))
try('local _ENV <const> = 11; ' .. string.rep('x', 100) .. ' = 1')
