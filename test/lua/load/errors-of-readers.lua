-- An error of a reader function goes through the message handler of an xpcall around load, which then returns it.
local function show(...)
  local texts = { ... }
  for i = 1, select('#', ...) do texts[i] = type(texts[i]) == 'function' and 'function' or tostring(texts[i]) end
  print(#texts, table.concat(texts, ' '))
end
local function handler(e) return 'handled: ' .. tostring(e) end
local function trace(e) return (debug.traceback(e):gsub('\n\t%[C%]: in %?$', '')) end
local cases = {
  function() error('in reader', 0) end,
  function() error('in reader', 1) end,
  function() error('in reader', 2) end,
  function() local x; return x.y end,
  function() return {} end,
  string.rep,
}
for _, h in ipairs { handler, trace } do
  for _, reader in ipairs(cases) do
    show(xpcall(load, h, reader))
    show(xpcall(function() local f, e = load(reader) return f, e end, h))
    show(xpcall(function() show(pcall(load, reader)) end, h))
    show(xpcall(function() show(coroutine.resume(coroutine.create(load), reader)) end, h))
  end
  show(xpcall(load, h, function() error() end))
  show(xpcall(load, h, string.gmatch('return 1', '.')))
end
show(xpcall(load, function(e) error('again', 0) end, function() error('in reader', 0) end))
