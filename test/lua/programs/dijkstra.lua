local graph = { a = { b = 7, c = 9, f = 14 }, b = { a = 7, c = 10, d = 15 }, c = { a = 9, b = 10, d = 11, f = 2 }, d = { b = 15, c = 11, e = 6 }, e = { d = 6, f = 9 }, f = { a = 14, c = 2, e = 9 }, z = {} }
local function shortest(graph, from)
  local distance, previous, done = { [from] = 0 }, {}, {}
  while true do
    local best
    for node, d in pairs(distance) do
      if not done[node] and (not best or d < distance[best] or d == distance[best] and node < best) then best = node end
    end
    if not best then return distance, previous end
    done[best] = true
    for node, cost in pairs(graph[best]) do
      local d = distance[best] + cost
      if not distance[node] or d < distance[node] then distance[node], previous[node] = d, best end
    end
  end
end
local distance, previous = shortest(graph, 'a')
for _, node in ipairs { 'a', 'b', 'c', 'd', 'e', 'f', 'z' } do
  local path, n = {}, node
  while n do table.insert(path, 1, n) n = previous[n] end
  print(node, distance[node], table.concat(path, '>'))
end
