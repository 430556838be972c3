-- traceback passes on what is no text, and adds to what is.
print(debug.traceback({}) ~= nil, type(debug.traceback({})), debug.traceback(nil) ~= nil)
print((debug.traceback('message', 0):match('^(message\nstack traceback:)')))
print((debug.traceback(7):match('^7\n')))
local t = {}
print(debug.traceback(t) == t, debug.traceback(true), debug.traceback(print) == print)
local function inner() return debug.traceback('here') end
print((inner():match('here\nstack traceback:\n\t[^\n]+')))
print((debug.traceback('m', 1):match('in ([^\n]+)')))
