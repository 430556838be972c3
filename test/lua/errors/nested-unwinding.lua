local log = {}
local function run(n)
  if n == 0 then error('bottom', 0) end
  local ok, e = pcall(run, n - 1)
  log[#log + 1] = n .. ':' .. tostring(e)
  if n < 3 then error(e .. n, 0) end
  return 'recovered'
end
print(run(5), table.concat(log, ' '))
local function cleanup() local ok, e = pcall(error, 'x', 0) return e end
local r = {}
for i = 1, 100 do r[#r + 1] = cleanup() end
print(#r, r[100])
