---@meta

-- Generated from src/isa/reference by tools/generate.ts. Do not edit.

---What running functions and their variables are.
---@class debuglib
debug = {}

---The hook of a coroutine, its events and its count.
---@param thread? thread
---@return function|nil
---@return string
---@return integer
function debug.gethook(thread) end

---What is known of a function or of a level of the stack.
---@param thread_or_f any
---@param f_or_what? any
---@param what? string
---@return table|nil
function debug.getinfo(thread_or_f, f_or_what, what) end

---Name and value of a local variable.
---@param thread_or_f any
---@param level_or_n any
---@param n? integer
---@return string|nil
---@return any
function debug.getlocal(thread_or_f, level_or_n, n) end

---The metatable of any value, whatever __metatable says.
---@param v any
---@return table|nil
function debug.getmetatable(v) end

---Sets a function that is called at calls (c), returns (r) or new lines (l), or every so many instructions.
---@param thread_or_hook? any
---@param hook_or_mask? any
---@param mask_or_count? any
---@param count? integer
function debug.sethook(thread_or_hook, hook_or_mask, mask_or_count, count) end

---The registry of the state.
---@return table
function debug.getregistry() end

---Name and value of an upvalue.
---@param f function
---@param n integer
---@return string|nil
---@return any
function debug.getupvalue(f, n) end

---Sets a local variable; returns its name.
---@param thread_or_level any
---@param level_or_n any
---@param n_or_value any
---@param value? any
---@return string|nil
function debug.setlocal(thread_or_level, level_or_n, n_or_value, value) end

---Sets the metatable of any value, for values that are no tables of their whole type.
---@param v any
---@param metatable table|nil
---@return any
function debug.setmetatable(v, metatable) end

---Sets an upvalue; returns its name.
---@param f function
---@param n integer
---@param value any
---@return string|nil
function debug.setupvalue(f, n, value) end

---A text with the calls under way; a message that is no text comes back as it is.
---@param thread_or_message? any
---@param message_or_level? any
---@param level? integer
---@return any
function debug.traceback(thread_or_message, message_or_level, level) end

---What tells an upvalue from others: functions that share it get the same.
---@param f function
---@param n integer
---@return any
function debug.upvalueid(f, n) end

---Makes an upvalue of f1 share that of f2.
---@param f1 function
---@param n1 integer
---@param f2 function
---@param n2 integer
function debug.upvaluejoin(f1, n1, f2, n2) end
