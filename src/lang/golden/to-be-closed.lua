local function f(x)
  local a <close> = x
  return f(x)
end
do
  local b <close>, c = f()
  goto out
end
::out::
--| main golden: 0+ parameters, 3 registers, 8 words
--|   upvalue 0 _ENV: U0
--|   local f: R0 2-8
--|   local b: R1 4-7
--|   local c: R2 4-7
--|     0 [0]   VARARGPREP 0
--|     1 [4]   CLOSURE    0 0          ; function 0
--|     2 [6]   MOVE       1 0
--|     3 [6]   CALL       1 1 3        ; 0: local f
--|     4 [6]   TBC        1
--|     5 [7]   CLOSE      1
--|     6 [7]   JMP        →7
--|     7 [9]   RETURN     0 1 1
--|
--| function 0 golden:1-4: 1 parameters, 5 registers, 6 words
--|   upvalue 0 f: R0
--|   local x: R0 0-6
--|   local a: R1 1-6
--|     0 [2]   MOVE       1 0
--|     1 [2]   TBC        1
--|     2 [3]   GETUPVAL   2 0
--|     3 [3]   MOVE       4 0
--|     4 [3]   CALL       2 2 0        ; 0: upvalue f
--|     5 [3]   RETURN     2 0 1
