for p, c in utf8.codes('aé€') do print(p, c) end
for _, c in utf8.codes('') do print('never', c) end
print(pcall(function() for _ in utf8.codes('a\xffb') do end end))
print(pcall(function() for _ in utf8.codes('a\xe4') do end end))
local out = {}
for _, c in utf8.codes('héllo') do out[#out + 1] = utf8.char(c):upper() end
print(table.concat(out))
for c in ('aé€'):gmatch(utf8.charpattern) do print(#c, c) end
