local rows = { { 'flow', 'packets', 'bytes' }, { '10.0.0.1:22', 120, 9842 }, { '10.0.0.2:443', 7, 512 }, { 'total', 127, 10354 } }
local widths = {}
for _, row in ipairs(rows) do for i, cell in ipairs(row) do widths[i] = math.max(widths[i] or 0, #tostring(cell)) end end
local function rule() local t = {} for i, w in ipairs(widths) do t[i] = ('-'):rep(w + 2) end return '+' .. table.concat(t, '+') .. '+' end
print(rule())
for n, row in ipairs(rows) do
  local cells = {}
  for i, cell in ipairs(row) do
    cells[i] = (type(cell) == 'number' and ' %' or ' %-') .. widths[i] .. 's '
    cells[i] = cells[i]:format(cell)
  end
  print('|' .. table.concat(cells, '|') .. '|')
  if n == 1 or n == #rows - 1 then print(rule()) end
end
print(rule())
