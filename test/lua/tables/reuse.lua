local t = {}
for round = 1, 5 do
  for i = 1, 200 do t['key' .. i] = round end
  for i = 1, 200 do t['key' .. i] = nil end
end
print(next(t))
for i = 1, 1000 do t[i] = i end
for i = 1000, 1, -1 do t[i] = nil end
print(next(t), #t)
local q, head, tail = {}, 1, 0
for i = 1, 500 do
  tail = tail + 1 q[tail] = i
  if i % 2 == 0 then q[head] = nil head = head + 1 end
end
print(head, tail, q[head], q[tail], q[head - 1])
