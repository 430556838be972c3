-- The packet filter's pattern over 255-byte segments: most hold no banner, some do.
local SEGMENTS, ROUNDS = 400, 350

local seed = 7
local function random(n)
  seed = (seed * 16807) % 65521
  return seed % n
end

-- A segment of 255 bytes of any value, as encrypted or binary payload is.
local function noise(length)
  local bytes = {}
  for i = 1, length do bytes[i] = string.char(random(256)) end
  return table.concat(bytes)
end

-- A segment of printable text with a stray `S` and `SSH` in it, as a web page about SSH might be.
local function prose(length)
  local text = 'Some Servers speak SSH, Some do not; an SSH session Starts with a banner. '
  return text:rep(4):sub(1, length)
end

local segments = {}
for i = 1, SEGMENTS do
  if i % 16 == 0 then
    local banner = 'SSH-2.0-OpenSSH_' .. i % 10 .. '.' .. i % 7 .. ' Debian-5\r\n'
    segments[i] = banner .. noise(255 - #banner)
  elseif i % 16 == 8 then
    segments[i] = prose(255)
  else
    segments[i] = noise(255)
  end
end

local matches, length = 0, 0
for _ = 1, ROUNDS do
  for i = 1, SEGMENTS do
    local software = segments[i]:match('SSH%-[^-%G]+%-([^-%G]+)')
    if software then
      matches = matches + 1
      length = length + #software
    end
  end
end
print(matches, length)
