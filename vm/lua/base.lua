-- The part of the basic library that calls back into Lua. `P` holds the primitives.
local P = ...
local registry, numbers = P.registry, P.numbers
local request, metafield, collect, concat = P.request, P.metafield, P.collect, P.concat
local getinfo, setupvalue, find, byte, tointeger = P.getinfo, P.setupvalue, P.find, P.byte, math.tointeger
local handlerof = P.handlerof
local type, tostring, select, error, pcall, xpcall = type, tostring, select, error, pcall, xpcall
local COMPILE, WRITE, FILE = 1, 2, 3
-- keys of the registry, REGISTRY in src/isa/layout.ts
local TRACEBACK, MESSAGE, PRINT = -1, -2, -7

-- Sets the Lua version of a library function, for the cases that the VM leaves to it.
function P.slow(name, f) registry[numbers[name] + 1] = f end

local loaded, next, getdepth = P.loaded, next, P.depth

-- The name of a function in a loaded module.
local function qualified(f)
  for module, t in next, loaded do
    if type(t) == 'table' and type(module) == 'string' then
      for name, v in next, t do
        if v == f and type(name) == 'string' then return module == '_G' and name or module .. '.' .. name end
      end
    end
  end
end

-- What the library says of a wrong argument, by the name that its running function was called by, or else by its own.
local function wrong(i, message)
  local f, _, _, _, _, _, name, kind = getinfo(0, 0)
  if kind == 5 then -- a method: arguments count from the object
    i = i - 1
    if i == 0 then error("calling '" .. name .. "' on bad self (" .. message .. ')') end
  end
  error('bad argument #' .. i .. " to '" .. (name or qualified(f) or '?') .. "' (" .. message .. ')')
end

-- The same of an argument of a wrong type, of `count` arguments.
local function mistyped(i, v, count, expected)
  local name = metafield(v, '__name')
  local kind = i > count and 'no value' or type(name) == 'string' and name or type(v)
  wrong(i, expected .. ' expected, got ' .. kind)
end

local function isstring(v)
  local kind = type(v)
  return kind == 'string' or kind == 'number'
end

P.wrong, P.mistyped, P.isstring = wrong, mistyped, isstring

P.slow('tostring', function(v)
  local text = metafield(v, '__tostring')(v)
  if not isstring(text) then error("'__tostring' must return a string") end
  return text .. ''
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
registry[PRINT] = print

local warnings = true
function warn(...)
  local texts, first, n = { ... }, ..., select('#', ...)
  for i = 1, n < 1 and 1 or n do
    if not isstring(texts[i]) then mistyped(i, texts[i], n, 'string') end
  end
  if n == 1 and byte(first) == 64 then -- @on, @off, or what nobody understands
    if first == '@on' then warnings = true elseif first == '@off' then warnings = false end
  elseif warnings then request(WRITE, 'Lua warning: ' .. concat(texts) .. '\n') end
end

-- An error of a finalizer is a warning.
P.slow('finalize', function(e)
  warn('error in __gc (', type(e) == 'string' and e or 'error object is not a string', ')')
end)

local function same(e) return e end

-- What the pieces of a reader function make together.
local function pieces(reader)
  local parts, n = {}, 0
  while true do
    local piece = reader()
    if piece == nil or piece == '' then return concat(parts) end
    if not isstring(piece) then error('reader function must return a string') end
    n = n + 1
    parts[n] = piece
  end
end

-- The main function of a text, or nil and a message. With an environment its first upvalue is that.
local function compile(text, name, mode, ...)
  local kind = byte(text) == 27 and 'binary' or 'text'
  if kind == 'binary' or mode and not find(mode, 't', 1, true) then
    return nil, 'attempt to load a ' .. kind .. " chunk (mode is '" .. (mode or 'bt') .. "')"
  end
  local f, message = request(COMPILE, text, name)
  if not f then return nil, message end
  if select('#', ...) > 0 then setupvalue(f, 1, (...)) end
  return f
end

local function expect(i, v)
  if v ~= nil and not isstring(v) then mistyped(i, v, i, 'string') end
end

function load(...)
  local chunk, name, mode = ...
  expect(3, mode)
  expect(2, name)
  if type(chunk) == 'function' then
    local fine, text = xpcall(pieces, handlerof() or same, chunk)
    if not fine then return nil, text end
    chunk, name = text, name or '=(load)'
  elseif not isstring(chunk) then
    mistyped(1, chunk, select('#', ...), 'function')
  end
  return compile(chunk .. '', name or chunk, mode, select(4, ...))
end

-- Text of a file, or nil and why it can't be read: false where nobody reads files for the state.
local function readfile(path)
  local text, reason = request(FILE, path)
  if text then return text end
  return nil, reason or false
end

local function compilefile(text, path, mode, ...) return compile(text, '@' .. path, mode, ...) end

-- As loadfile, whose name scripts may have given to something else.
local function loadtext(path, mode, ...)
  if not isstring(path) then mistyped(1, path, path == nil and 0 or 1, 'string') end
  expect(2, mode)
  local text, reason = readfile(path)
  if not text then return nil, 'cannot open ' .. path .. ': ' .. (reason or 'no file can be read here') end
  return compilefile(text, path, mode, ...)
end

loadfile = loadtext

P.readfile, P.compilefile = readfile, compilefile

function dofile(path)
  local f, message = loadtext(path)
  if not f then error(message, 0) end
  return f()
end

local COLLECT = { collect = 0, step = 1, count = 2, stop = 3, restart = 4, isrunning = 5, setpause = 6, setstepmul = 7 }
-- how many parameters there are for each option that has any
local PARAMETERS = { step = 1, setpause = 1, setstepmul = 1, incremental = 3, generational = 2 }
local mode = 'incremental'

local function parameter(v, i)
  local n = v == nil and 0 or tointeger(v)
  return n or mistyped(i + 1, v, i + 1, 'number')
end

-- The collector works alike in both modes; 0 leaves a parameter as it is.
local function setmode(name, pause, multiplier, size)
  local before = mode
  if collect(5) == nil then return end
  mode = name
  if name == 'incremental' then
    if pause ~= 0 then collect(6, pause) end
    if multiplier ~= 0 then collect(7, multiplier) end
    if size ~= 0 then collect(9, size) end
  end
  return before
end

function collectgarbage(option, ...)
  expect(1, option)
  option = option or 'collect'
  local a, b, c = ...
  local count = PARAMETERS[option] or 0
  a = count > 0 and parameter(a, 1) or 0
  b = count > 1 and parameter(b, 2) or 0
  c = count > 2 and parameter(c, 3) or 0
  if count > 1 then return setmode(option, a, b, c) end
  local what = COLLECT[option]
  if not what then wrong(1, "invalid option '" .. option .. "'") end
  local result = collect(what, a)
  if what == 2 and result then return result // 1024 end
  return result
end

-- How a traceback names a function: qualified if a loaded module has it, else as it was called.
local KINDS = { 'local', 'upvalue', 'global', 'field', 'method', 'constant', 'for iterator', 'metamethod', 'hook' }
P.kinds = KINDS
local function describe(f, short, first, name, kind)
  local global = qualified(f)
  if global then return "function '" .. global .. "'" end
  if name then return KINDS[kind] .. " '" .. name .. "'" end
  if first == 0 then return 'main chunk' end
  return short and 'function <' .. short .. ':' .. first .. '>' or '?'
end

-- The stack of a coroutine from a level on, as the reference prints it: the first ten and the last eleven levels.
local function traceback(thread, level)
  local lines, n = { 'stack traceback:' }, 1
  local last = getdepth(thread) - 1
  local left = last - level > 21 and 10 or -1
  while true do
    if left == 0 then
      local skipped = last - level - 10
      n = n + 1
      lines[n] = '\n\t...\t(skipping ' .. skipped .. ' levels)'
      level = level + skipped
    end
    left = left - 1
    local f, _, short, first, _, line, name, kind, _, _, _, tail = getinfo(thread or level, level)
    if not f then break end
    n = n + 1
    lines[n] = '\n\t' .. (short or '[C]') .. ':' .. (line > 0 and line .. ':' or '') .. ' in '
      .. describe(f, short, first, name, kind) .. (tail and '\n\t(...tail calls...)' or '')
    level = level + 1
  end
  return concat(lines)
end

P.traceback = traceback

-- The message handler of calls from outside: keeps the traceback for whoever asks.
function P.handler(e)
  registry[TRACEBACK] = traceback(nil, 1)
  local text = metafield(e, '__tostring')
  registry[MESSAGE] = text and text(e)
  return e
end

_VERSION = 'Lua 5.4'
