-- Library functions, those written in Lua too, go by the name that they were called by; without one by their own.
warn('@off')
local function show(v) print((tostring(v):gsub('0x%x+', ''))) end
local function try(...) show((select(2, pcall(...)))) end
local s = setmetatable({}, { __len = function() return 2 end, __name = 'List' })
local cases = {
  load = load, collectgarbage = collectgarbage, warn = warn, ['table.concat'] = table.concat, ['table.insert'] = table.insert,
  ['table.sort'] = table.sort, ['debug.getinfo'] = debug.getinfo, ['debug.getlocal'] = debug.getlocal, ['string.rep'] = string.rep,
  ['math.fmod'] = math.fmod, ['coroutine.isyieldable'] = coroutine.isyieldable,
  ['debug.traceback'] = debug.traceback, ['debug.setupvalue'] = debug.setupvalue, ['debug.setlocal'] = debug.setlocal,
}
local order = {}
for name in pairs(cases) do order[#order + 1] = name end
table.sort(order)
for _, name in ipairs(order) do
  local f = cases[name]
  print(name)
  try(f, s, 'x', {}, 4)
  try(function() f(s, {}) end)
  try(function() local a = f(s, 3, 4) return a end)
  try(function() local o = { m = f, __len = #s } o:m({}) end)
  try(function() return (f(true, {})) end)
  try(function() return f({}, {}, {}) end)
  try(function() return setmetatable({}, { __index = f })[{}] end)
  try(function() return setmetatable({}, { __concat = f }) .. {} end)
  try(function() return setmetatable({}, { __call = f })({}, {}) end)
  try(function() local _ <close> = setmetatable({}, { __close = f }) end)
  try(function() for _ in f, {}, {} do break end end)
  try(function() table.sort({ {}, {}, {} }, f) end)
  try(function() ('x'):gsub('.', f) end)
  try(coroutine.wrap(f), {}, {})
  show((select(2, coroutine.resume(coroutine.create(f), {}, {}))))
end
