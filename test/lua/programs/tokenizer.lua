local keywords = {}
for w in ('and break do else elseif end false for function if in local nil not or repeat return then true until while'):gmatch('%a+') do keywords[w] = true end
local rules = {
  { 'space', '^%s+' }, { 'comment', '^%-%-[^\n]*' }, { 'name', '^[%a_][%w_]*' }, { 'number', '^0[xX]%x+' }, { 'number', '^%d+' },
  { 'string', '^"[^"\n]*"' }, { 'string', "^'[^'\n]*'" }, { 'op', '^%.%.%.' }, { 'op', '^[=~<>]=' }, { 'op', '^%.%.' }, { 'op', '^//' }, { 'op', '^[-+*/%%^#&~|<>=(){}%[%];:,.]' },
}
local function tokens(source)
  local at, line = 1, 1
  return function()
    while at <= #source do
      local kind, text
      for _, rule in ipairs(rules) do
        text = source:match(rule[2], at)
        if text then kind = rule[1] break end
      end
      if not kind then error(('line %d: unexpected %q'):format(line, source:sub(at, at)), 0) end
      at = at + #text
      local here = line
      line = line + select(2, text:gsub('\n', ''))
      if kind == 'name' and keywords[text] then kind = 'keyword' end
      if kind ~= 'space' and kind ~= 'comment' then return kind, text, here end
    end
  end
end
for kind, text, line in tokens [[
local function f(a, ...) -- comment
  return a // 2 .. "str" ~= 0xFF and #{...} or nil
end]] do print(line, kind, text) end
print(pcall(function() for _ in tokens 'x = @' do end end))
