-- find, match, gmatch and gsub over a text of log-like lines.
local LINES, ROUNDS = 500, 60

local lines = {}
for i = 1, LINES do
  lines[i] = 'host' .. i % 17 .. ' sshd[' .. 1000 + i .. ']: Accepted password for user' .. i % 23
    .. ' from 10.0.' .. i % 7 .. '.' .. i % 251 .. ' port ' .. 20000 + i
end
local text = table.concat(lines, '\n')

local check = 0
for round = 1, ROUNDS do
  for word, value in text:gmatch('(%a+)%[(%d+)%]') do check = (check + #word + tonumber(value)) % 1000003 end
  for i = 1, LINES do
    local a, b, c, d = lines[i]:match('from (%d+)%.(%d+)%.(%d+)%.(%d+)')
    check = (check + tonumber(a) + tonumber(b) + tonumber(c) * 7 + tonumber(d)) % 1000003
    local first, last = lines[i]:find('user%d+%s')
    check = (check + first * 3 + last) % 1000003
    if lines[i]:find('port ' .. 20000 + round, 1, true) then check = check + 1 end
  end
  local _, replaced = text:gsub('%d+', '#')
  local upper, words = text:gsub('%f[%a]user', { user = 'USER' })
  check = (check + replaced + words + #upper) % 1000003
end
print(check)
