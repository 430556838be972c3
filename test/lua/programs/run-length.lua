local function encode(s) return (s:gsub('(.)(%1*)', function(c, rest) return #rest + 1 .. c end)) end
local function encode_loop(s)
  local out, i = {}, 1
  while i <= #s do
    local c, j = s:sub(i, i), i
    while s:sub(j + 1, j + 1) == c do j = j + 1 end
    out[#out + 1] = j - i + 1 .. c
    i = j + 1
  end
  return table.concat(out)
end
local function decode(s) return (s:gsub('(%d+)(.)', function(n, c) return c:rep(n) end)) end
for _, s in ipairs { 'WWWWBWWWBB', 'abc', 'aaaaaaaaaaaa', '' } do
  print(s, encode(s), encode_loop(s), decode(encode_loop(s)) == s)
end
