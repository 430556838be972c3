-- Names of what chains of and and or give: there is one where nothing leaves the chain before its end.
G = {}
local l, t = {}, { x = {} }
local function try(text) print(text, select(2, pcall(load('local l, t, f = {}, {x = {}}, false ' .. text, '=c')))) end
for _, operand in ipairs { 'G', 'l', 't.x', "'s'" } do
  for _, chain in ipairs {
    'nil and 1 or %', 'nil and nil or %', 'false or %', '1 and %', 'true and % or 2', "% or 1", '1 or %', 'f or %', 'f and 1 or %',
    'f and nil or %', 'f or nil or %', "'s' and 2 and %", 'not (1 and nil) and %', 'not (f and 1) and %', 'f or (nil or %)', '(false or %) and %',
    'nil and (1 or 2) or %', 'G and %', '(1 and nil) or (false or %)',
  } do
    local value = '(' .. chain:gsub('%%', (operand:gsub('%%', '%%%%'))) .. ')'
    try('return 1 | ' .. value)
    try('return -' .. value)
    try('return ' .. value .. '.y.z')
    try('return ' .. value .. " .. {}")
    try(value .. '()')
  end
end
