local function split(s, sep)
  local out, from = {}, 1
  while true do
    local a, b = s:find(sep, from, true)
    if not a then out[#out + 1] = s:sub(from) return out end
    out[#out + 1] = s:sub(from, a - 1)
    from = b + 1
  end
end
for _, case in ipairs { 'a,b,c', '', ',', 'a,,b', ',a', 'a,' } do
  local t = split(case, ',')
  print(#t, '[' .. table.concat(t, '][') .. ']')
end
