print('a\tb\\c\'d\"e\a\b\f\v' == 'a' .. string.char(9) .. 'b\\c' .. "'" .. 'd"e' .. string.char(7, 8, 12, 11))
print('\65\066\0679', '\x41\x7a\x7A', '\u{48}\u{20AC}\u{10FFFF}')
print(#'\0\00\000', #'\u{7FFFFFFF}', ('\u{7FFFFFFF}'):byte(1, -1))
print('one \z
       two\z   three')
print('line\
next')
print('\10' == '\n', '\13' == '\r', "\z  x" == 'x')
