-- The hidden variables of loops are locals, and the line of a function's end is active.
local function locals()
  local names = {}
  for i = 1, 50 do
    local name = debug.getlocal(2, i)
    if not name or name == '(temporary)' or name == '(C temporary)' then break end
    names[i] = name
  end
  print(table.concat(names, ' '))
end

local function f(a)
  for i = 1, 1 do
    for k, v in pairs({ a }) do
      local inside = k
      locals()
    end
    locals()
  end
  return locals()
end
f(1)
locals()

local function active(g)
  local lines = {}
  local info = debug.getinfo(g, 'SL')
  for line in pairs(info.activelines) do lines[#lines + 1] = line - info.linedefined end
  table.sort(lines)
  print(table.concat(lines, ' '))
end
active(function(x)
  local a = 1
  return a
end)
active(function(...)

  local a = 20

end)
active(function()
  while true do
    print(1)
  end
end)
active(function(a, b) end)
