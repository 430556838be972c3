local lookup = {}
for i = 0, 255 do
  local c = i
  for _ = 1, 8 do c = c & 1 == 1 and 0xedb88320 ~ c >> 1 or c >> 1 end
  lookup[i] = c
end
local function crc32(s)
  local c = 0xffffffff
  for i = 1, #s do c = lookup[(c ~ s:byte(i)) & 255] ~ c >> 8 end
  return ~c & 0xffffffff
end
for _, s in ipairs { '', 'a', '123456789', 'The quick brown fox jumps over the lazy dog', ('\0'):rep(32), '\255\254' } do print(('%08x'):format(crc32(s))) end
local function adler32(s) local a, b = 1, 0 for i = 1, #s do a = (a + s:byte(i)) % 65521 b = (b + a) % 65521 end return b << 16 | a end
print(('%08x'):format(adler32 'Wikipedia'))
local function fnv1a(s) local h = 0xcbf29ce484222325 for i = 1, #s do h = (h ~ s:byte(i)) * 0x100000001b3 end return h end
print(('%016x %016x'):format(fnv1a '', fnv1a 'foobar'), fnv1a 'a')
