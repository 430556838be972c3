load('local t = nil; t.x = 1', '@other.lua')()
