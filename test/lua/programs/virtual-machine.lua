local function assemble(text)
  local code, labels, fix = {}, {}, {}
  for line in text:gmatch('[^\n]+') do
    local label = line:match('^(%w+):')
    if label then labels[label] = #code + 1 else
      local op, arg = line:match('^%s*(%a+)%s*(%S*)')
      if op then
        code[#code + 1] = { op, tonumber(arg) or arg }
        if op:sub(1, 1) == 'J' then fix[#fix + 1] = code[#code] end
      end
    end
  end
  for _, i in ipairs(fix) do i[2] = labels[i[2]] end
  return code
end
local ops = {}
function ops.PUSH(vm, n) vm[#vm + 1] = n end
function ops.LOAD(vm, name) vm[#vm + 1] = vm.vars[name] or 0 end
function ops.STORE(vm, name) vm.vars[name] = table.remove(vm) end
function ops.ADD(vm) local b = table.remove(vm) vm[#vm] = vm[#vm] + b end
function ops.MUL(vm) local b = table.remove(vm) vm[#vm] = vm[#vm] * b end
function ops.SUB(vm) local b = table.remove(vm) vm[#vm] = vm[#vm] - b end
function ops.JZ(vm, to) if table.remove(vm) == 0 then return to end end
function ops.JMP(_, to) return to end
function ops.PRINT(vm) print(table.remove(vm)) end
local function run(code)
  local vm, pc, steps = { vars = {} }, 1, 0
  while code[pc] do
    steps = steps + 1
    local op = ops[code[pc][1]] or error('bad op ' .. code[pc][1], 0)
    pc = op(vm, code[pc][2]) or pc + 1
  end
  return steps
end
print(run(assemble [[
  PUSH 10
  STORE n
  PUSH 1
  STORE f
loop:
  LOAD n
  JZ done
  LOAD f
  LOAD n
  MUL
  STORE f
  LOAD n
  PUSH 1
  SUB
  STORE n
  JMP loop
done:
  LOAD f
  PRINT
]]))
print(pcall(run, assemble 'NOPE 1'))
