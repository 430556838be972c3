-- Line events where a statement takes several lines.
local function trace(text)
  local lines = {}
  debug.sethook(function(_, line) lines[#lines + 1] = line end, 'l')
  load(text)()
  debug.sethook()
  print(table.concat(lines, ' '))
end

trace('if\nmath.abs(1)\nthen\n  a = 1\nelse\n  a = 2\nend\n')
trace('--\nif nil then\n  a = 1\nelse\n  a = 2\nend\n')
trace('local a\nif not a then\n  a = 1\n  a = 2\nelseif a then\n  a = 3\nend\n')
trace('a = 1\nrepeat\n  a = a + 1\nuntil a == 3\n')
trace(' do\n  return\nend\n')
trace('local a\na = 1\nwhile a <= 3 do\n  a = a + 1\nend\n')
trace('while math.abs(1) do\n  if math.abs(1)\n  then break\n  end\nend\na = 1')
trace('local n = 0\nwhile true do\n  n = n + 1\n  if n > 2 then break end\nend\n')
trace('for i = 1, 3 do\n  a = i\nend\n')
trace('for i =\n1,\n2\ndo\n  local x\nend')
trace('for i, v in pairs{"a", "b"} do\n  a = tostring(i) .. v\nend\n')
trace('for i = 1, 4 do a = 1 end')
trace('local t = setmetatable({}, { __close = function() end })\ndo\n  local x <close> = t\n  local y = 1\nend\nlocal z = 2\n')
