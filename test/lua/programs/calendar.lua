-- Days of the week and leap years by integer arithmetic.
local function leap(y) return y % 4 == 0 and (y % 100 ~= 0 or y % 400 == 0) end
local function days(y, m) return m == 2 and (leap(y) and 29 or 28) or ({ 31, 0, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 })[m] end
local function weekday(y, m, d)
  if m < 3 then y, m = y - 1, m + 12 end
  return (d + (13 * (m + 1)) // 5 + y + y // 4 - y // 100 + y // 400) % 7
end
local names = { [0] = 'Sat', 'Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri' }
for _, date in ipairs({ { 2000, 1, 1 }, { 1900, 2, 28 }, { 2024, 2, 29 }, { 1970, 1, 1 }, { 2100, 12, 31 } }) do
  print(date[1], date[2], date[3], names[weekday(table.unpack(date))], leap(date[1]), days(date[1], date[2]))
end
local total = 0
for y = 2000, 2399 do for m = 1, 12 do total = total + days(y, m) end end
print(total, total % 7)
