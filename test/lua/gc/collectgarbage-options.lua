print(collectgarbage(), collectgarbage('collect'))
print(collectgarbage('isrunning'))
print(collectgarbage('stop'), collectgarbage('isrunning'))
print(collectgarbage('restart'), collectgarbage('isrunning'))
print(collectgarbage('count') > 0)
collectgarbage('incremental')
print(collectgarbage('generational'), collectgarbage('incremental'))
print(pcall(collectgarbage, 'unknown'))
local before = collectgarbage('count')
local t = {}
for i = 1, 2000 do t[i] = { i } end
print(collectgarbage('count') > before)
t = nil
collectgarbage()
print(collectgarbage('count') < before + 20)
