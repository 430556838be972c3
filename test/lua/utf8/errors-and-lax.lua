print(pcall(utf8.codepoint, '\xc3'))
print(pcall(utf8.codepoint, '\xed\xa0\x80'))
print(utf8.codepoint('\xed\xa0\x80', 1, 1, true))
print(utf8.len('\xff'), utf8.len('ab\x80c'), utf8.len('\xf8\x88\x80\x80\x80'), utf8.len('\xf8\x88\x80\x80\x80', 1, -1, true))
print(utf8.char(0x7fffffff):byte(1, -1))
print(utf8.char(72, 228, 8364, 128512), utf8.char(), #utf8.char(0))
print(pcall(function() for _ in utf8.codes('a\xffb') do end end))
print(pcall(utf8.char, -1))
print(pcall(utf8.char, 0x80000000))
for p, c in utf8.codes('aé€😀') do print(p, c) end
for p, c in utf8.codes('\xed\xa0\x80', true) do print(p, c) end
print(('aé€😀'):match(utf8.charpattern), select(2, ('aé€😀'):gsub(utf8.charpattern, '')))
