local function wrap(text, width)
  local lines, line = {}, ''
  for word in text:gmatch('%S+') do
    if #line + #word + 1 > width and line ~= '' then lines[#lines + 1] = line line = word
    else line = line == '' and word or line .. ' ' .. word end
  end
  if line ~= '' then lines[#lines + 1] = line end
  return lines
end
local function justify(line, width)
  local gaps = select(2, line:gsub(' ', ''))
  if gaps == 0 then return line end
  local extra, n = width - #line, 0
  return (line:gsub(' ', function()
    n = n + 1
    return (' '):rep(1 + extra // gaps + (n <= extra % gaps and 1 or 0))
  end))
end
local text = 'Lua is a powerful, efficient, lightweight, embeddable scripting language. It supports procedural and object-oriented programming.'
for _, width in ipairs { 20, 33 } do
  for _, line in ipairs(wrap(text, width)) do print('|' .. justify(line, width) .. '|', #line) end
end
print(#wrap('', 10), #wrap('longerthanthewidth', 5))
