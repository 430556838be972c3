print(1) -- line comment
--[[ block
comment ]] print(2)
--[==[ with ]] inside
]==] print(3)
---[[ this is a line comment
print(4)
--]]
--[=[x]=]print(5)
-- last line without newline
