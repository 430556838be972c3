local text = [[
; comment
name = top
[server]
host = example.org
port = 8080

[paths]
root = /srv/www ; trailing
empty =
bad line
]]
local function parse(text)
  local result, section, n = { [''] = {} }, '', 0
  for line in (text .. '\n'):gmatch('(.-)\n') do
    n = n + 1
    line = line:gsub('%s*;.*$', ''):match('^%s*(.-)%s*$')
    local name = line:match('^%[([^%]]+)%]$')
    local key, value = line:match('^([%w_]+)%s*=%s*(.*)$')
    if name then section = name result[name] = {}
    elseif key then result[section][key] = tonumber(value) or value
    elseif line ~= '' then print(('line %d: cannot parse %q'):format(n, line)) end
  end
  return result
end
local config = parse(text)
local sections = {}
for s in pairs(config) do sections[#sections + 1] = s end
table.sort(sections)
for _, s in ipairs(sections) do
  local keys = {}
  for k in pairs(config[s]) do keys[#keys + 1] = k end
  table.sort(keys)
  for _, k in ipairs(keys) do print(s, k, config[s][k], type(config[s][k])) end
end
