-- Which operand's __concat is called, and in what order a chain is evaluated.
local function make(name)
  return setmetatable({ name = name }, { __concat = function(a, b)
    local left = type(a) == 'table' and rawget(a, 'name') or type(a) == 'string' and a or type(a)
    local right = type(b) == 'table' and b.name or tostring(b)
    return '(' .. left .. '+' .. right .. ')'
  end })
end
local a, b = make('a'), make('b')
print(a .. b)
print(a .. 'x')
print('x' .. a)
print(1 .. a)
print(a .. 2)
print(pcall(function() return nil .. a end))
print(pcall(function() return {} .. 'x' end))
