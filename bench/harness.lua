-- Times one benchmark in a stand-alone Lua. Usage: lua harness.lua FILE
-- Each line `run` on standard input runs the benchmark once; the answer is `ms MILLISECONDS LENGTH` and
-- LENGTH bytes that the benchmark printed, or `error LENGTH` and the message. Loading is not timed.
local clock, write, flush, read = os.clock, io.write, io.flush, io.read
local select, tostring, concat, collect, pcall, format =
  select, tostring, table.concat, collectgarbage, pcall, string.format

local printed, count
function print(...)
  local row = { ... }
  for i = 1, select('#', ...) do row[i] = tostring(row[i]) end
  count = count + 1
  printed[count] = concat(row, '\t') .. '\n'
end

local function answer(head, text)
  write(head, ' ', #text, '\n', text)
  flush()
end

local benchmark, problem = loadfile((...))
answer(benchmark and 'loaded' or 'error', problem or '')

while benchmark and read() == 'run' do
  printed, count = {}, 0
  collect()
  local start = clock()
  local ok, raised = pcall(benchmark)
  local ms = (clock() - start) * 1000
  if ok then answer(format('ms %.3f', ms), concat(printed)) else answer('error', tostring(raised)) end
end
