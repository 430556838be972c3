-- require and the library package. Files are read by whoever drives the state, if it does: without that, a state
-- has the modules that are loaded or preloaded in it, and those that come with the driver. There are no modules in C,
-- so no cpath and no loadlib.
local P = ...
local MODULE = 4
local request, readfile, compilefile, loaded = P.request, P.readfile, P.compilefile, P.loaded
local mistyped, isstring, select = P.mistyped, P.isstring, select
local type, error, gsub, gmatch, concat, find = type, error, P['string.gsub'], P['string.gmatch'], P.concat, P.find

local package, preload = package, {}
package.loaded = loaded
package.preload = preload
package.path = './?.lua;./?/init.lua'
package.config = '/\n;\n?\n!\n-\n'

local function escape(text) return (gsub(text, '%%', '%%%%')) end

-- Argument i of `count` as a text.
local function text(i, v, count)
  if not isstring(v) then mistyped(i, v, count, 'string') end
  return v .. ''
end

-- The first file of the templates in `path` that can be read, and its text; or nil and a message.
local function search(name, path, separator, slash)
  if separator ~= '' and find(name, separator, 1, true) then
    name = gsub(name, gsub(separator, '%p', '%%%0'), escape(slash))
  end
  path = gsub(path, '%?', escape(name))
  for file in gmatch(path, '[^;]+') do
    local text, reason = readfile(file)
    if text then return file, text end
    if reason == false then return nil, 'no file can be read here' end
  end
  return nil, "no file '" .. gsub(path, ';', "'\n\tno file '") .. "'"
end

function package.searchpath(...)
  local name, path, separator, slash = ...
  local n = select('#', ...)
  name, path = text(1, name, n), text(2, path, n)
  local file, message = search(name, path, separator or '.', slash or '/')
  if file then return file end
  return nil, message
end

package.searchers = {
  function(name)
    local loader = preload[name]
    if loader == nil then return "no field package.preload['" .. name .. "']" end
    return loader, ':preload:'
  end,
  function(name) return request(MODULE, name), ':built-in:' end,
  function(name)
    local path = package.path
    if type(path) ~= 'string' then error("'package.path' must be a string", 0) end
    local file, text = search(name, path, '.', '/')
    if not file then return text end
    local loader, message = compilefile(text, file)
    if loader then return loader, file end
    error("error loading module '" .. name .. "' from file '" .. file .. "':\n\t" .. message, 0)
  end,
}

local function findloader(name)
  local searchers = package.searchers
  if type(searchers) ~= 'table' then error("'package.searchers' must be a table") end
  local messages, i = {}, 1
  while true do
    local searcher = searchers[i]
    if searcher == nil then error("module '" .. name .. "' not found:" .. concat(messages)) end
    local loader, data = searcher(name)
    if type(loader) == 'function' then return loader, data end
    if type(loader) == 'string' then messages[#messages + 1] = '\n\t' .. loader end
    i = i + 1
  end
end

function require(...)
  local name = text(1, ..., select('#', ...))
  if loaded[name] then return loaded[name] end
  local loader, data = findloader(name)
  local value = loader(name, data)
  if value ~= nil then loaded[name] = value
  elseif loaded[name] == nil then loaded[name] = true end
  return loaded[name], data
end
