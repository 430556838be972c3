local function run(rules, tape, state)
  local cells, head, steps = {}, 1, 0
  for c in tape:gmatch('.') do cells[#cells + 1] = c end
  while state ~= 'halt' and steps < 1000 do
    local rule = rules[state .. (cells[head] or '_')]
    if not rule then break end
    local write, move, next_state = rule:match('(%S) (%S) (%S+)')
    cells[head] = write
    head = head + (move == 'R' and 1 or -1)
    state = next_state
    steps = steps + 1
  end
  local low, high = 0, 0
  for i in pairs(cells) do low, high = math.min(low, i), math.max(high, i) end
  local out = {}
  for i = low, high do out[#out + 1] = cells[i] or '_' end
  return table.concat(out), state, steps
end
print(run({ s0 = '0 R s', s1 = '1 R s', s_ = '_ L inc', inc1 = '0 L inc', inc0 = '1 R halt', inc_ = '1 R halt' }, '1011', 's'))
print(run({ s0 = '0 R s', s1 = '1 R s', s_ = '_ L inc', inc1 = '0 L inc', inc0 = '1 R halt', inc_ = '1 R halt' }, '111', 's'))
print(run({ a_ = '1 R b', a1 = '1 L b', b_ = '1 L a', b1 = '1 R halt' }, '', 'a'))
