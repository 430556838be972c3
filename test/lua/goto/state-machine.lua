local input, position, out = 'aab#b', 1, {}
::start::
do
  local c = input:sub(position, position)
  position = position + 1
  if c == 'a' then goto on_a elseif c == 'b' then goto on_b elseif c == '#' then goto start end
  goto finish
end
::on_a:: out[#out + 1] = 'A' goto start
::on_b:: out[#out + 1] = 'B' goto start
::finish::
print(table.concat(out))
