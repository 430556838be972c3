local Set = {}
Set.__index = Set
function Set.new() return setmetatable({ words = {} }, Set) end
function Set:add(i) local w = i // 64 self.words[w] = (self.words[w] or 0) | 1 << i % 64 return self end
function Set:has(i) return (self.words[i // 64] or 0) >> i % 64 & 1 == 1 end
function Set:remove(i) local w = i // 64 self.words[w] = (self.words[w] or 0) & ~(1 << i % 64) return self end
function Set:__len() local n = 0 for _, w in pairs(self.words) do while w ~= 0 do w = w & w - 1 n = n + 1 end end return n end
function Set.__bor(a, b) local s = Set.new() for _, from in ipairs({ a, b }) do for i, w in pairs(from.words) do s.words[i] = (s.words[i] or 0) | w end end return s end
function Set.__band(a, b) local s = Set.new() for i, w in pairs(a.words) do s.words[i] = w & (b.words[i] or 0) end return s end
local even, third = Set.new(), Set.new()
for i = 0, 300 do if i % 2 == 0 then even:add(i) end if i % 3 == 0 then third:add(i) end end
print(#even, #third, #(even | third), #(even & third))
print(even:has(64), even:has(65), third:has(63), even:remove(64):has(64), #even)
