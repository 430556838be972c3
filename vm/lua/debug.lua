-- The debug functions that build tables and texts.
local P = ...
local getinfo, find, traceback, type = P.getinfo, P.find, P.traceback, type
local KINDS = { 'local', 'upvalue', 'global', 'field', 'method', 'constant', 'for iterator' }

function debug.getinfo(level, what)
  local offset = type(level) == 'number' and level + 1 or level
  local f, source, short, first, last, line, name, kind, nups, params, vararg = getinfo(offset)
  if not f then return nil end
  local native = first < 0
  local info = {
    source = native and '=[C]' or source, short_src = native and '[C]' or short,
    what = native and 'C' or first == 0 and 'main' or 'Lua',
    linedefined = first, lastlinedefined = last, currentline = line,
    name = name, namewhat = name and KINDS[kind] or '',
    nups = nups, nparams = params, isvararg = vararg, istailcall = false,
  }
  if what == nil or find(what, 'f', 1, true) then info.func = f end
  return info
end

function debug.traceback(message, level)
  if message ~= nil and type(message) ~= 'string' and type(message) ~= 'number' then return message end
  local text = traceback((level or 1) + 2)
  return message and message .. '\n' .. text or text
end
