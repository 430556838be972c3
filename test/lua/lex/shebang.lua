#!/usr/bin/env lua
-- The first line is skipped when it starts with #, and still counts as line 1.
print(pcall(error, 'x'))
print(select(2, pcall(function() error('here') end)))
