local text = [[
The quick brown fox jumps over the lazy dog. The dog barks; the fox runs.
A quick-witted fox isn't a lazy fox, is it?]]
local counts, words = {}, {}
for word in text:lower():gmatch("[%a'-]+") do
  if not counts[word] then words[#words + 1] = word end
  counts[word] = (counts[word] or 0) + 1
end
table.sort(words, function(a, b) return counts[a] > counts[b] or counts[a] == counts[b] and a < b end)
for _, w in ipairs(words) do print(('%-12s %2d %s'):format(w, counts[w], ('*'):rep(counts[w]))) end
print(select(2, text:gsub('\n', '\n')) + 1, select(2, text:gsub('%S+', '')), #text)
