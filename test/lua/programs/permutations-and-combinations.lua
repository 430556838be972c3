local function permutations(t)
  return coroutine.wrap(function()
    local function go(n)
      if n == 0 then coroutine.yield(table.concat(t)) return end
      for i = 1, n do t[i], t[n] = t[n], t[i] go(n - 1) t[i], t[n] = t[n], t[i] end
    end
    go(#t)
  end)
end
local all = {}
for p in permutations { 'a', 'b', 'c', 'd' } do all[#all + 1] = p end
table.sort(all)
print(#all, table.concat(all, ' '))
local function combinations(n, k, from, chosen, out)
  from, chosen, out = from or 1, chosen or {}, out or {}
  if #chosen == k then out[#out + 1] = table.concat(chosen) return out end
  for i = from, n do
    chosen[#chosen + 1] = i
    combinations(n, k, i + 1, chosen, out)
    chosen[#chosen] = nil
  end
  return out
end
print(table.concat(combinations(5, 3), ' '))
local function powerset(t) local sets = { {} } for _, v in ipairs(t) do for i = 1, #sets do local s = { table.unpack(sets[i]) } s[#s + 1] = v sets[#sets + 1] = s end end return sets end
for i, s in ipairs(powerset { 'x', 'y', 'z' }) do print(#s, table.concat(s, ',')) end
