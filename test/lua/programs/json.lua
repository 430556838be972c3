-- A JSON codec for integers, strings, booleans, null, arrays and objects (keys sorted on output).
local null = setmetatable({}, { __tostring = function() return 'null' end })
local escapes = { ['"'] = '\\"', ['\\'] = '\\\\', ['\n'] = '\\n', ['\t'] = '\\t', ['\r'] = '\\r', ['\b'] = '\\b', ['\f'] = '\\f' }
local function quote(s)
  return '"' .. s:gsub('[%c"\\]', function(c) return escapes[c] or ('\\u%04x'):format(c:byte()) end) .. '"'
end
local function encode(v)
  if v == null or v == nil then return 'null' end
  if type(v) == 'string' then return quote(v) end
  if type(v) ~= 'table' then return tostring(v) end
  local out = {}
  if v[1] ~= nil or next(v) == nil then
    for i, x in ipairs(v) do out[i] = encode(x) end
    return '[' .. table.concat(out, ',') .. ']'
  end
  local keys = {}
  for k in pairs(v) do keys[#keys + 1] = k end
  table.sort(keys)
  for i, k in ipairs(keys) do out[i] = quote(k) .. ':' .. encode(v[k]) end
  return '{' .. table.concat(out, ',') .. '}'
end
local function decode(text)
  local at = 1
  local value
  local function fail(what) error(('%s at position %d'):format(what, at), 0) end
  local function skip() at = text:find('%S', at) or #text + 1 end
  local function expect(c) skip() if text:sub(at, at) ~= c then fail("'" .. c .. "' expected") end at = at + 1 end
  local unescapes = { n = '\n', t = '\t', r = '\r', b = '\b', f = '\f' }
  local function str()
    expect '"'
    local out = {}
    while true do
      local plain, stop = text:match('^([^"\\]*)(.)', at)
      if not plain then fail 'unfinished string' end
      out[#out + 1] = plain
      at = at + #plain + 1
      if stop == '"' then return table.concat(out) end
      local c = text:sub(at, at)
      if c == 'u' then
        out[#out + 1] = utf8.char(tonumber(text:sub(at + 1, at + 4), 16))
        at = at + 5
      else
        out[#out + 1] = unescapes[c] or c
        at = at + 1
      end
    end
  end
  local function list()
    expect '['
    local t = {}
    skip()
    if text:sub(at, at) == ']' then at = at + 1 return t end
    repeat
      t[#t + 1] = value()
      skip()
      local c = text:sub(at, at)
      at = at + 1
      if c ~= ',' and c ~= ']' then at = at - 1 fail "',' or ']' expected" end
    until c == ']'
    return t
  end
  local function object()
    expect '{'
    local t = {}
    skip()
    if text:sub(at, at) == '}' then at = at + 1 return t end
    repeat
      skip()
      local k = str()
      expect ':'
      t[k] = value()
      skip()
      local c = text:sub(at, at)
      at = at + 1
      if c ~= ',' and c ~= '}' then at = at - 1 fail "',' or '}' expected" end
    until c == '}'
    return t
  end
  local words = { ['true'] = true, ['false'] = false, null = null }
  function value()
    skip()
    local c = text:sub(at, at)
    if c == '{' then return object() elseif c == '[' then return list() elseif c == '"' then return str() end
    local number = text:match('^-?%d+', at)
    if number then at = at + #number return tonumber(number) end
    local word = text:match('^%l+', at)
    if words[word] ~= nil then at = at + #word return words[word] end
    fail 'unexpected character'
  end
  local v = value()
  skip()
  if at <= #text then fail 'trailing text' end
  return v
end
local text = '{"name":"Moon\\u0041 \\"q\\"","list":[1,-2,[],{"x":null}],"ok":true,"no":false,"nested":{"a":{"b":[[["deep"]]]}}}'
local v = decode(text)
print(encode(v))
print(encode(decode(encode(v))) == encode(v))
print(v.name, #v.list, v.list[2], v.nested.a.b[1][1][1])
for _, bad in ipairs { '', '[1,', '{"a"}', '[1 2]', 'nul', '"open', '[] x' } do print(pcall(decode, bad)) end
print(encode { 'tab\t', 'ctl\1', 'é' })
