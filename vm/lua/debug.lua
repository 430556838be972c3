-- The debug functions that build tables and texts. They are the level 0.
local P = ...
local getinfo, activelines, find, traceback, type, select = P.getinfo, P.activelines, P.find, P.traceback, type, select
local wrong, mistyped, isstring = P.wrong, P.mistyped, P.isstring
local running, tointeger = coroutine.running, math.tointeger
local KINDS = P.kinds

function debug.getinfo(...)
  local thread, where, what = ...
  local shift = 1
  if type(thread) ~= 'thread' then thread, where, what, shift = nil, thread, where, 0 end
  if what == nil then what = 'flnSrtu'
  elseif not isstring(what) then mistyped(shift + 2, what, shift + 2, 'string')
  elseif find(what, '^>') then wrong(shift + 2, "invalid option '>'") end
  local level = where
  if type(where) ~= 'function' then
    level = tointeger(where)
    if not level then mistyped(shift + 1, where, select('#', ...), 'number') end
    if level < 0 then return nil end
  end
  local f, source, short, first, last, line, name, namekind, nups, params, vararg, tail, transfer, count =
    getinfo(thread or level, level)
  if not f then return nil end
  if find(what, '[^SlnrutLf]') then wrong(shift + 2, 'invalid option') end
  local info = {}
  if find(what, 'S', 1, true) then
    info.source, info.short_src = source or '=[C]', short or '[C]'
    info.what = not source and 'C' or first == 0 and 'main' or 'Lua'
    info.linedefined, info.lastlinedefined = first, last
  end
  if find(what, 'l', 1, true) then info.currentline = line end
  if find(what, 'u', 1, true) then info.nups, info.nparams, info.isvararg = nups, params, vararg end
  if find(what, 'n', 1, true) then info.name, info.namewhat = name, name and KINDS[namekind] or '' end
  if find(what, 'r', 1, true) then info.ftransfer, info.ntransfer = transfer, count end
  if find(what, 't', 1, true) then info.istailcall = tail end
  if find(what, 'L', 1, true) and source then
    info.activelines = {}
    activelines(f, info.activelines)
  end
  if find(what, 'f', 1, true) then info.func = f end
  return info
end

function debug.traceback(...)
  local thread, message, level = ...
  local shift = 1
  if type(thread) ~= 'thread' then thread, message, level, shift = nil, thread, message, 0 end
  if message ~= nil and not isstring(message) then return message end
  if thread == running() then thread = nil end
  local from = level == nil and (thread and 0 or 1) or tointeger(level)
  if not from then mistyped(shift + 2, level, shift + 2, 'number') end
  local text = traceback(thread, from)
  return message and message .. '\n' .. text or text
end
