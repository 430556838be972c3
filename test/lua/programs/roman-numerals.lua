local symbols = { { 1000, 'M' }, { 900, 'CM' }, { 500, 'D' }, { 400, 'CD' }, { 100, 'C' }, { 90, 'XC' }, { 50, 'L' }, { 40, 'XL' }, { 10, 'X' }, { 9, 'IX' }, { 5, 'V' }, { 4, 'IV' }, { 1, 'I' } }
local function to_roman(n) local s = '' for _, p in ipairs(symbols) do while n >= p[1] do s = s .. p[2] n = n - p[1] end end return s end
local function from_roman(s) local n = 0 for _, p in ipairs(symbols) do while s:sub(1, #p[2]) == p[2] do n = n + p[1] s = s:sub(#p[2] + 1) end end return s == '' and n or nil end
for _, n in ipairs { 1, 4, 9, 14, 40, 90, 400, 1994, 2024, 3999 } do print(n, to_roman(n), from_roman(to_roman(n))) end
local ok = true
for n = 1, 500 do ok = ok and from_roman(to_roman(n)) == n end
print(ok, from_roman 'ABC')
