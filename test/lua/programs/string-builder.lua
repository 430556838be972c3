local Builder = {}
Builder.__index = Builder
Builder.__concat = function(b, s) return b:add(s) end
Builder.__len = function(b) return b.size end
Builder.__tostring = function(b) return table.concat(b.parts) end
Builder.__call = function(b, s) return b:add(s) end
function Builder.new() return setmetatable({ parts = {}, size = 0 }, Builder) end
function Builder:add(s) s = tostring(s) self.parts[#self.parts + 1] = s self.size = self.size + #s return self end
function Builder:format(...) return self:add(string.format(...)) end
local b = Builder.new():add('one '):add(2):format(' %03d', 3)
b = b .. ' four'
b ' five'
print(b, #b)
