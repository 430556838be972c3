local node = { name = 'a' }
node.self = node
node.child = { parent = node, name = 'b' }
print(node.self.self.child.parent.child.name)
local list
for i = 1, 10 do list = { value = i, next = list } end
local out = {}
local l = list
while l do out[#out + 1] = l.value l = l.next end
print(table.concat(out, ' '))
