local List = {}
List.__index = List
function List.new(...) local l = setmetatable({ n = 0 }, List) for _, v in ipairs { ... } do l:push(v) end return l end
function List:push(v) local node = { v = v, prev = self.tail } if self.tail then self.tail.next = node else self.head = node end self.tail = node self.n = self.n + 1 return self end
function List:pop() local node = self.tail if not node then return nil end self.tail = node.prev if self.tail then self.tail.next = nil else self.head = nil end self.n = self.n - 1 return node.v end
function List:shift() local node = self.head if not node then return nil end self.head = node.next if self.head then self.head.prev = nil else self.tail = nil end self.n = self.n - 1 return node.v end
function List:__call(_, node) if node == nil then return self.head end return node.next end
List.__len = function(l) return l.n end
function List:reverse() local node = self.head self.head, self.tail = self.tail, self.head while node do node.next, node.prev = node.prev, node.next node = node.prev end return self end
function List:__tostring() local t = {} for node in self do t[#t + 1] = tostring(node.v) end return '(' .. table.concat(t, ' ') .. ')' end
local l = List.new(1, 2, 3, 4)
print(l, #l, l:pop(), l:shift(), l, #l)
l:push 'x':push 'y'
print(l:reverse(), l:pop(), l:pop(), l:pop(), l:pop(), l:pop(), l, #l)
