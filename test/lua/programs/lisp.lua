local function parse(text)
  local tokens = {}
  for t in text:gsub('[()]', ' %0 '):gmatch('%S+') do tokens[#tokens + 1] = t end
  local at = 1
  local function read()
    local t = tokens[at]
    at = at + 1
    if t == nil then error('unexpected end', 0) end
    if t == '(' then
      local list = {}
      while tokens[at] ~= ')' do list[#list + 1] = read() end
      at = at + 1
      return list
    end
    return tonumber(t) or t
  end
  local forms = {}
  while tokens[at] do forms[#forms + 1] = read() end
  return forms
end
local function fold(f) return function(a, ...) for _, b in ipairs { ... } do a = f(a, b) end return a end end
local global = {
  ['+'] = fold(function(a, b) return a + b end), ['-'] = fold(function(a, b) return a - b end), ['*'] = fold(function(a, b) return a * b end),
  ['<'] = function(a, b) return a < b end, ['='] = function(a, b) return a == b end,
  list = function(...) return { ... } end, car = function(l) return l[1] end, cdr = function(l) return { table.unpack(l, 2) } end,
  cons = function(x, l) return { x, table.unpack(l) } end, ['empty?'] = function(l) return #l == 0 end,
}
local eval
local special = {
  quote = function(x) return x[2] end,
  ['if'] = function(x, env) if eval(x[2], env) then return eval(x[3], env) else return eval(x[4], env) end end,
  define = function(x, env) env[x[2]] = eval(x[3], env) end,
  lambda = function(x, env)
    return function(...)
      local frame = setmetatable({}, { __index = env })
      for i, name in ipairs(x[2]) do frame[name] = (select(i, ...)) end
      return eval(x[3], frame)
    end
  end,
}
function eval(x, env)
  if type(x) == 'string' then
    local v = env[x]
    if v == nil then error('unbound ' .. x, 0) end
    return v
  end
  if type(x) ~= 'table' then return x end
  if special[x[1]] then return special[x[1]](x, env) end
  local f, args = eval(x[1], env), {}
  for i = 2, #x do args[i - 1] = eval(x[i], env) end
  return f(table.unpack(args))
end
local function show(v) if type(v) ~= 'table' then return tostring(v) end local t = {} for i, x in ipairs(v) do t[i] = show(x) end return '(' .. table.concat(t, ' ') .. ')' end
for _, form in ipairs(parse [[
  (define fact (lambda (n) (if (< n 2) 1 (* n (fact (- n 1))))))
  (fact 10)
  (define map (lambda (f l) (if (empty? l) (quote ()) (cons (f (car l)) (map f (cdr l))))))
  (map (lambda (x) (* x x)) (list 1 2 3 4 5))
  (define adder (lambda (n) (lambda (x) (+ x n))))
  ((adder 10) 5)
  (quote (a (b c) 1))
  (if (= 1 2) 1 (+ 1 2 3 4))
  (undefined 1)
]]) do print(select(2, pcall(function() return show(eval(form, global)) end))) end
