local Matrix = {}
Matrix.__index = Matrix
local function new(rows) return setmetatable(rows, Matrix) end
local function identity(n) local m = {} for i = 1, n do m[i] = {} for j = 1, n do m[i][j] = i == j and 1 or 0 end end return new(m) end
function Matrix.__mul(a, b)
  if type(a) == 'number' then a, b = b, a end
  local r = {}
  for i = 1, #a do
    r[i] = {}
    if type(b) == 'number' then for j = 1, #a[i] do r[i][j] = a[i][j] * b end else
      for j = 1, #b[1] do local s = 0 for k = 1, #b do s = s + a[i][k] * b[k][j] end r[i][j] = s end
    end
  end
  return new(r)
end
function Matrix.__add(a, b) local r = {} for i = 1, #a do r[i] = {} for j = 1, #a[i] do r[i][j] = a[i][j] + b[i][j] end end return new(r) end
function Matrix.__eq(a, b) for i = 1, #a do for j = 1, #a[i] do if a[i][j] ~= b[i][j] then return false end end end return true end
function Matrix:__tostring() local r = {} for i, row in ipairs(self) do r[i] = '[' .. table.concat(row, ' ') .. ']' end return table.concat(r, ' ') end
function Matrix:power(n) local r, b = identity(#self), self while n > 0 do if n % 2 == 1 then r = r * b end b = b * b n = n // 2 end return r end
function Matrix:transpose() local r = {} for j = 1, #self[1] do r[j] = {} for i = 1, #self do r[j][i] = self[i][j] end end return new(r) end
function Matrix:determinant()
  if #self == 1 then return self[1][1] end
  local d = 0
  for c = 1, #self do
    local minor = {}
    for i = 2, #self do local row = {} for j = 1, #self do if j ~= c then row[#row + 1] = self[i][j] end end minor[#minor + 1] = row end
    d = d + (c % 2 == 1 and 1 or -1) * self[1][c] * new(minor):determinant()
  end
  return d
end
local a, b = new { { 1, 2 }, { 3, 4 } }, new { { 0, 1 }, { 1, 0 } }
print(a * b, b * a, a + b, 3 * a, a * 2, a * b == b * a, a * identity(2) == a)
print(new({ { 1, 1 }, { 1, 0 } }):power(50), a:transpose(), new({ { 1, 2, 3 } }):transpose())
print(new({ { 2, 0, 1 }, { 1, 3, 2 }, { 1, 1, 4 } }):determinant(), new({ { 1, 2, 3, 4 }, { 5, 6, 7, 9 }, { 2, 6, 4, 8 }, { 3, 1, 1, 2 } }):determinant())
