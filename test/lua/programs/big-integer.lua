local Big = {}
Big.__index = Big
local BASE, WIDTH = 10000000, 7
local function trim(d) while #d > 1 and d[#d] == 0 do d[#d] = nil end return setmetatable(d, Big) end
local function big(v)
  if getmetatable(v) == Big then return v end
  local s, d = tostring(v), {}
  for i = #s, 1, -WIDTH do d[#d + 1] = tonumber(s:sub(math.max(1, i - WIDTH + 1), i)) end
  return trim(d)
end
function Big.__add(a, b)
  a, b = big(a), big(b)
  local r, carry = {}, 0
  for i = 1, math.max(#a, #b) do
    local s = (a[i] or 0) + (b[i] or 0) + carry
    r[i], carry = s % BASE, s // BASE
  end
  if carry > 0 then r[#r + 1] = carry end
  return trim(r)
end
function Big.__mul(a, b)
  a, b = big(a), big(b)
  local r = {}
  for i = 1, #a + #b do r[i] = 0 end
  for i = 1, #a do
    local carry = 0
    for j = 1, #b do
      local s = r[i + j - 1] + a[i] * b[j] + carry
      r[i + j - 1], carry = s % BASE, s // BASE
    end
    r[i + #b] = r[i + #b] + carry
  end
  return trim(r)
end
function Big.__eq(a, b) return tostring(a) == tostring(b) end
function Big.__lt(a, b) a, b = big(a), big(b) if #a ~= #b then return #a < #b end for i = #a, 1, -1 do if a[i] ~= b[i] then return a[i] < b[i] end end return false end
function Big:__tostring() local t = { tostring(self[#self]) } for i = #self - 1, 1, -1 do t[#t + 1] = ('%07d'):format(self[i]) end return table.concat(t) end
local f = big(1)
for i = 2, 60 do f = f * i end
print(f)
local a, b = big(0), big(1)
for _ = 1, 300 do a, b = b, a + b end
print(a)
local p = big(1)
for _ = 1, 200 do p = p * 2 end
print(p, p < f, f < p, p == p * 1, big '123456789012345678901234567890' + 1)
