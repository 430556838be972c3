for i = 1, 15 do print(i % 15 == 0 and 'FizzBuzz' or i % 3 == 0 and 'Fizz' or i % 5 == 0 and 'Buzz' or i) end
local function pascal(n) local row = { 1 } for _ = 1, n do print(table.concat(row, ' ')) local new = { 1 } for i = 2, #row do new[i] = row[i - 1] + row[i] end new[#new + 1] = 1 row = new end end
pascal(8)
local function caesar(s, k) return (s:gsub('%a', function(c) local base = c:match('%l') and 97 or 65 return string.char((c:byte() - base + k) % 26 + base) end)) end
print(caesar('Hello, World!', 3), caesar(caesar('Hello, World!', 3), -3))
local function anagrams(words) local g = {} for _, w in ipairs(words) do local k = {} for c in w:gmatch('.') do k[#k + 1] = c end table.sort(k) k = table.concat(k) g[k] = g[k] or {} table.insert(g[k], w) end return g end
local groups = anagrams { 'listen', 'silent', 'enlist', 'cat', 'act', 'dog' }
local keys = {}
for k in pairs(groups) do keys[#keys + 1] = k end
table.sort(keys)
for _, k in ipairs(keys) do print(k, table.concat(groups[k], ' ')) end
local function look(s) return (s:gsub('(.)(%1*)', '%1')) end
local s = '1'
for _ = 1, 6 do
  print(s, look(s))
  local out = ''
  local i = 1
  while i <= #s do local j = i while s:sub(j + 1, j + 1) == s:sub(i, i) do j = j + 1 end out = out .. j - i + 1 .. s:sub(i, i) i = j + 1 end
  s = out
end
