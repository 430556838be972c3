-- The debug functions that build tables and texts. Levels count these functions too.
local P = ...
local getinfo, activelines, find, traceback, type, select = P.getinfo, P.activelines, P.find, P.traceback, type, select
local error, running = error, coroutine.running
local KINDS = P.kinds

local function wrong(i, message)
  local _, _, _, _, _, _, name = getinfo(2, 2)
  error('bad argument #' .. i .. " to '" .. (name or 'debug.getinfo') .. "' (" .. message .. ')', 3)
end

function debug.getinfo(...)
  local thread, where, what = ...
  local shift = 1
  if type(thread) ~= 'thread' then thread, where, what, shift = nil, thread, where, 0 end
  local kind = type(what)
  if what == nil then what = 'flnSrtu'
  elseif kind ~= 'string' and kind ~= 'number' then wrong(shift + 2, 'string expected, got ' .. kind)
  elseif find(what, '^>') then wrong(shift + 2, "invalid option '>'")
  elseif find(what, '[^SlnrutLf]') then wrong(shift + 2, 'invalid option') end
  local level = where
  if type(where) ~= 'function' then
    level = math.tointeger(where)
    if not level then
      wrong(shift + 1, 'number expected, got ' .. (select('#', ...) <= shift and 'no value' or type(where)))
    end
    if level < 0 then return nil end
    if not thread or thread == running() then thread, level = nil, level + 1 end
  end
  local f, source, short, first, last, line, name, namekind, nups, params, vararg, tail, transfer, count =
    getinfo(thread or level, level)
  if not f then return nil end
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
  if type(thread) ~= 'thread' then thread, message, level = nil, thread, message end
  local kind = type(message)
  if kind ~= 'nil' and kind ~= 'string' and kind ~= 'number' then return message end
  if thread == running() then thread = nil end
  local text = traceback(thread, thread and (level or 0) or (level or 1) + 2)
  return message and message .. '\n' .. text or text
end
