local function render(template, env)
  local parts, at = { 'local _out = {} ' }, 1
  while true do
    local s, e, kind, code = template:find('{([{%%])%s*(.-)%s*[}%%]}', at)
    if not s then break end
    parts[#parts + 1] = ('_out[#_out + 1] = %q '):format(template:sub(at, s - 1))
    parts[#parts + 1] = kind == '{' and ('_out[#_out + 1] = tostring(%s) '):format(code) or code .. ' '
    at = e + 1
  end
  parts[#parts + 1] = ('_out[#_out + 1] = %q return table.concat(_out)'):format(template:sub(at))
  return assert(load(table.concat(parts), '=template', 't', setmetatable(env, { __index = _G })))()
end
print(render('Hello {{ name }}! {% for i, v in ipairs(items) do %}[{{ i }}:{{ v:upper() }}]{% end %}.', { name = 'World', items = { 'a', 'b' } }))
print(render('{% if x > 3 then %}big{% else %}small{% end %} {{ x * 2 }}', { x = 5 }))
print(pcall(render, '{{ nothing.x }}', {}))
print((pcall(render, '{% for %}', {})))
