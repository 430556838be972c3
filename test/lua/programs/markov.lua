local text = 'the cat sat on the mat and the cat ran to the hat and the mat sat on the cat'
local follow, last = {}, '^'
for word in (text .. ' $'):gmatch('%S+') do
  follow[last] = follow[last] or {}
  table.insert(follow[last], word)
  last = word
end
local seed = 12345
local function random(n) seed = (seed * 1103515245 + 12345) & 0x7fffffff return seed // 65536 % n + 1 end
for _ = 1, 5 do
  local out, word = {}, '^'
  while #out < 12 do
    word = follow[word][random(#follow[word])]
    if word == '$' then break end
    out[#out + 1] = word
  end
  print(table.concat(out, ' '))
end
