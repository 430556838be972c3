local function compile(code)
  local ops, stack = {}, {}
  for c in code:gmatch('[-+<>.,%[%]]') do
    ops[#ops + 1] = { c }
    if c == '[' then stack[#stack + 1] = #ops elseif c == ']' then
      local open = table.remove(stack)
      ops[open][2], ops[#ops][2] = #ops, open
    end
  end
  return ops
end
local function run(code, input)
  local ops, tape, p, pc, read, out = compile(code), {}, 0, 1, 0, {}
  while ops[pc] do
    local op, jump = ops[pc][1], ops[pc][2]
    local v = tape[p] or 0
    if op == '+' then tape[p] = (v + 1) % 256
    elseif op == '-' then tape[p] = (v - 1) % 256
    elseif op == '>' then p = p + 1
    elseif op == '<' then p = p - 1
    elseif op == '.' then out[#out + 1] = string.char(v)
    elseif op == ',' then read = read + 1 tape[p] = (input or ''):byte(read) or 0
    elseif op == '[' and v == 0 then pc = jump
    elseif op == ']' and v ~= 0 then pc = jump end
    pc = pc + 1
  end
  return table.concat(out)
end
print((run '++++++++[>++++[>++>+++>+++>+<<<<-]>+>+>->>+[<]<-]>>.>---.+++++++..+++.>>.<-.<.+++.------.--------.>>+.>++.'))
print(run(',[.,]', 'echo'), run(',[>,]<[.<]', 'reversed'), run('>,>+++++++++,>+++++++++++[<++++++<++++++<+>>>-]<<.>.<<-.>.>.<<.', 'xy') ~= nil)
