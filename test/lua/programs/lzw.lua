local function compress(text)
  local codes, size = {}, 256
  for i = 0, 255 do codes[string.char(i)] = i end
  local out, w = {}, ''
  for c in text:gmatch('.') do
    if codes[w .. c] then w = w .. c else
      out[#out + 1] = codes[w]
      codes[w .. c] = size
      size = size + 1
      w = c
    end
  end
  if w ~= '' then out[#out + 1] = codes[w] end
  return out
end
local function expand(codes)
  local words, size = {}, 256
  for i = 0, 255 do words[i] = string.char(i) end
  local w = words[codes[1]]
  local out = { w }
  for i = 2, #codes do
    local entry = words[codes[i]] or w .. w:sub(1, 1)
    out[#out + 1] = entry
    words[size] = w .. entry:sub(1, 1)
    size = size + 1
    w = entry
  end
  return table.concat(out)
end
for _, text in ipairs { 'TOBEORNOTTOBEORTOBEORNOT', ('ab'):rep(100), 'aaaaaaaaaaaaaaaa', 'x', 'The cat sat on the mat. The cat sat.' } do
  local codes = compress(text)
  print(#text, #codes, table.concat(codes, ' '), expand(codes) == text)
end
