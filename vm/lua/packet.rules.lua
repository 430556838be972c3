-- packet.rules: rules as in npf.conf(5) become a list of records for `moonring attach --rules`, of which the first that
-- matches decides, and in its field `apply` the function for those with the action call. A module of its own, which the
-- module packet requires when a script has rules.
local error, ipairs, pairs, tostring, type, format = error, ipairs, pairs, tostring, type, string.format

-- What rules may ask, as `moonring attach` names it.
local OPTIONS = { 'proto', 'sport', 'dport', 'port', 'saddr', 'daddr', 'ethertype', 'mark', 'in', 'out' }
local MOST_RECORDS <const> = 64

local function fail(...) error('packet.rules: ' .. format(...), 0) end

-- The options of a group around and those of a rule or group in it.
local function merge(outer, inner)
  local options = {}
  for _, option in ipairs(OPTIONS) do
    if outer[option] ~= nil and inner[option] ~= nil then fail("the group says '%s' already", option) end
    options[option] = outer[option] or inner[option]
  end
  for key in pairs(inner) do
    if type(key) == 'string' and options[key] == nil and key ~= 'final' and key ~= 'apply' then
      fail("there is no option '%s'", key)
    end
  end
  return options
end

-- Adds records that ask for these options, all of them strings; a list stands for one of its values.
local function spread(options, action, records, i)
  local option = OPTIONS[i]
  if not option then
    local record = { action = action, final = true }
    for _, name in ipairs(OPTIONS) do record[name] = options[name] and tostring(options[name]) end
    records[#records + 1] = record
    if #records > MOST_RECORDS then fail('there are more than %d records', MOST_RECORDS) end
    return
  end
  local values = options[option]
  if type(values) ~= 'table' then return spread(options, action, records, i + 1) end
  for _, value in ipairs(values) do
    options[option] = value
    spread(options, action, records, i + 1)
  end
  options[option] = values
end

-- Of rules in a row the first final one that matches decides, or else the last one. That is the first one here: final
-- rules in their order, then the others from the last to the first.
local function addRow(row, records)
  for _, rule in ipairs(row) do
    local first, apply = #records + 1, rule.apply
    spread(rule.options, apply and 'call' or rule.kind, records, 1)
    for n = first, apply and #records or 0 do records.functions[n], records.verdicts[n] = apply, rule.kind == 'pass' end
  end
end

-- Groups end a row: they are asked if none of the rules before has matched.
local function addList(list, around, records)
  local row, finals = {}, 0
  for _, each in ipairs(list) do
    local inner = type(each) == 'table' and each.options
    if type(inner) ~= 'table' then fail('a pass, a block or a group expected, got a %s', type(each)) end
    local options = merge(around, inner)
    if each.kind == 'group' then
      addRow(row, records)
      row, finals = {}, 0
      addList(inner, options, records)
    else
      if inner.final then finals = finals + 1 end
      local place = finals + (inner.final and 0 or 1)
      for i = #row, place, -1 do row[i + 1] = row[i] end
      row[place] = { kind = each.kind, options = options, apply = inner.apply }
    end
  end
  addRow(row, records)
end

return function(list)
  local default = list.default
  if default ~= 'pass' and default ~= 'block' then fail("the default is neither 'pass' nor 'block'") end
  local functions, verdicts = {}, {}
  local records = { functions = functions, verdicts = verdicts }
  addList(list, {}, records)
  spread({}, default, records, 1)
  records.functions, records.verdicts = nil, nil
  function records.apply(hdr, pld, pkt, eth)
    local n = pkt.rule
    local verdict = functions[n](hdr, pld, pkt, eth)
    if verdict == nil then return verdicts[n] end
    return verdict
  end
  return records
end
