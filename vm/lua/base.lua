-- The part of the basic library that calls back into Lua. `P` holds the primitives.
local P = ...
local registry, numbers = P.registry, P.numbers
local request, metafield, collect, concat = P.request, P.metafield, P.collect, P.concat
local getinfo, setupvalue, find, byte = P.getinfo, P.setupvalue, P.find, P.byte
local type, tostring, select, error, pcall = type, tostring, select, error, pcall
local COMPILE, WRITE = 1, 2
-- keys of the registry, REGISTRY in src/isa/layout.ts
local TRACEBACK, MESSAGE = -1, -2

-- Sets the Lua version of a library function, for the cases that the VM leaves to it.
function P.slow(name, f) registry[numbers[name] + 1] = f end

P.slow('tostring', function(v)
  local text = metafield(v, '__tostring')(v)
  local kind = type(text)
  if kind ~= 'string' and kind ~= 'number' then error("'__tostring' must return a string") end
  return text
end)

P.slow('pairs', function(t)
  local a, b, c = metafield(t, '__pairs')(t)
  return a, b, c
end)

P.slow('ipairsnext', function(t, i)
  i = i + 1
  local v = t[i]
  if v ~= nil then return i, v end
end)

function print(...)
  local n = select('#', ...)
  if n == 1 then return request(WRITE, tostring((...)) .. '\n') end
  local texts = { ... }
  for i = 1, n do texts[i] = tostring(texts[i]) end
  request(WRITE, concat(texts, '\t', 1, n) .. '\n')
end

local warnings = true
function warn(first, ...)
  local texts = { first, ... }
  for i = 1, select('#', ...) + 1 do
    local t = type(texts[i])
    if t ~= 'string' and t ~= 'number' then
      error("bad argument #" .. i .. " to 'warn' (string expected, got " .. (t == 'nil' and 'no value' or t) .. ')', 2)
    end
  end
  if #texts == 1 and first == '@on' then warnings = true
  elseif #texts == 1 and first == '@off' then warnings = false
  elseif warnings then request(WRITE, 'Lua warning: ' .. concat(texts) .. '\n') end
end

-- Calls the finalizer of a dead object; its errors become warnings.
P.slow('finalize', function(object)
  local f = metafield(object, '__gc')
  if type(f) ~= 'function' then return end
  local fine, e = pcall(f, object)
  if not fine then warn('error in __gc (', type(e) == 'string' and e or 'error object is not a string', ')') end
end)

local function pieces(reader)
  local parts, n = {}, 0
  while true do
    local piece = reader()
    if piece == nil or piece == '' then return concat(parts) end
    if type(piece) ~= 'string' then error('reader function must return a string', 0) end
    n = n + 1
    parts[n] = piece
  end
end

function load(chunk, name, mode, ...)
  local kind = type(chunk)
  if kind == 'function' then
    local fine, text = pcall(pieces, chunk)
    if not fine then return nil, text end
    chunk, name = text, name or '=(load)'
  elseif kind == 'number' then
    chunk = tostring(chunk)
  elseif kind ~= 'string' then
    error("bad argument #1 to 'load' (function expected, got " .. (chunk == nil and 'nil' or kind) .. ')', 2)
  end
  name = name or chunk
  if mode and not find(mode, 't', 1, true) then
    return nil, "attempt to load a text chunk (mode is '" .. mode .. "')"
  end
  if byte(chunk) == 27 then
    return nil, "attempt to load a binary chunk (mode is '" .. (mode or 'bt') .. "')"
  end
  local f, message = request(COMPILE, chunk, name)
  if not f then return nil, message end
  if select('#', ...) > 0 then setupvalue(f, 1, (...)) end
  return f
end

local COLLECT = { collect = 0, step = 1, count = 2, stop = 3, restart = 4, isrunning = 5, setpause = 6, setstepmul = 7 }
local mode = 'incremental'
function collectgarbage(option, n)
  option = option or 'collect'
  if option == 'incremental' or option == 'generational' then
    local before = mode
    mode = option
    return before
  end
  local what = COLLECT[option]
  if not what then error("bad argument #1 to 'collectgarbage' (invalid option '" .. tostring(option) .. "')", 2) end
  local result = collect(what, n or 0)
  if what == 2 then return result // 1024 end
  return result
end

local function describe(f, source, line, name, kind)
  if source and line < 0 then return "function '" .. source .. "'" end
  if name then
    if kind == 3 then return "function '" .. name .. "'" end
    local words = { 'local', 'upvalue', 'global', 'field', 'method' }
    return (words[kind] or 'function') .. " '" .. name .. "'"
  end
  return nil
end

-- The stack of the current coroutine from a level on, as the reference prints it.
local function traceback(level)
  local lines, n = { 'stack traceback:' }, 1
  while n < 24 do
    local f, source, short, first, last, line, name, kind = getinfo(level)
    if not f then break end
    local where
    if not short then where = '\n\t[C]: in ' .. (source and "function '" .. source .. "'" or '?')
    else
      local what = describe(f, nil, 0, name, kind)
      if first == 0 then what = 'main chunk' end
      where = '\n\t' .. short .. ':' .. line .. ': in ' .. (what or 'function <' .. short .. ':' .. first .. '>')
    end
    n = n + 1
    lines[n] = where
    level = level + 1
  end
  return concat(lines)
end

P.traceback = traceback

-- The message handler of calls from outside: keeps the traceback for whoever asks.
function P.handler(e)
  registry[TRACEBACK] = traceback(3)
  local text = metafield(e, '__tostring')
  registry[MESSAGE] = text and text(e)
  return e
end

P['debug.setmetatable']('', { __index = string })

_VERSION = 'Lua 5.4'
