print([[one
two]])
print([[
first newline skipped]])
print([==[with ]] and ]=] inside]==])
print(#[[

]])
print([[no \n escapes \65]])
print([=[[nested]]=])
local t = { [ [[key]] ] = 1 }
print(t.key, t[ [=[key]=] ])
