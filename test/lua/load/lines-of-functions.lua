-- A local function, or one without a name, begins on the line of its parenthesis; others where the word function stands.
for _, text in ipairs {
  'local f = function\n\n(a)\n return a end\nreturn f', 'local function g\n\n(a)\n return a end\nreturn g',
  'function \ng\n\n(a)\n return a end\nreturn g', 'local t = {}\nfunction \nt.\n\ng(a)\n return a end\nreturn t.g',
} do
  local i = debug.getinfo(load(text, '=t')(), 'S')
  print(i.linedefined, i.lastlinedefined)
  print(load(text:sub(1, text:find('end') - 1), '=t'))
end
-- What a function lacks is said when it ends, before anything is said of what follows.
print(load("f(function() break end) g()\nw(", '=t'))
print(load("local f = function() goto l end\nlocal = 1", '=t'))
print(load("local = 1 local f = function() goto l end", '=t'))
