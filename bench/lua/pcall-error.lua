-- Protected calls that return, and that catch errors: strings with position, tables, run-time errors.
local N = 350000

local function succeed(a, b) return a + b end
local function fail(i)
  if i % 3 == 0 then error('failed') end
  if i % 3 == 1 then error({ code = i % 100 }) end
  local missing
  return missing.field
end
local function deep(n, i)
  if n == 0 then return fail(i) end
  local result = deep(n - 1, i)
  return result
end

local check = 0
for i = 1, N do
  local ok, value = pcall(succeed, i, 1)
  if ok then check = (check + value) % 1000003 end
  local fine, problem = pcall(deep, 3, i)
  if not fine then
    check = (check + (type(problem) == 'table' and problem.code or 1)) % 1000003
  end
end
print(check)
