for _, code in ipairs {
  'x =', 'x = = 1', 'if x then', 'for i = 1 do end', 'local 1', 'return return', 'f(', '"open', "'new\nline'",
  'x = }', 'goto nowhere', 'break', '::a:: ::a::', 'local function f() return ... end', 'x = 1 2', 'a.b:c = 1', 'f() = 1',
  'for a.b = 1, 2 do end', '[[open', '--[[open', 'x = "\\q"', 'x = "\\300"', 'x = "\\xZZ"', 'x = "\\u{110000000}"', 'x = 0x', 'x = 3x',
  'end', 'until x', 'repeat x = 1', 'while true do', 'function f', 'local x <bad> = 1', 'x = @', 'local t = {1, 2', 'x = a..', 'not x',
} do
  print(load(code, '=code'))
end
