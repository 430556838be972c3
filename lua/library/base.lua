---@meta

-- Generated from src/isa/reference by tools/generate.ts. Do not edit.

---The table of globals.
---@type table
_G = nil

---The version of the language: "Lua 5.4".
---@type string
_VERSION = nil

---Returns its arguments, or raises the message if v is false or nil.
---@param v any
---@param message? any
---@param ... any
---@return any
function assert(v, message, ...) end

---Collects garbage, or does what the option says: "collect", "count" (KiB), "step" (KiB), "stop", "restart", "isrunning", "setpause" and "setstepmul" (percent), "incremental" (pause, step multiplier, step size), "generational" (two numbers, without effect).
---@param option? string
---@param ... integer
---@return any
function collectgarbage(option, ...) end

---Raises an error; the level says whose position is put before a message that is a string.
---@param message? any
---@param level? integer
function error(message, level) end

---The metatable of a value, or its field __metatable.
---@param object any
---@return any
function getmetatable(object) end

---Runs a file; its results.
---@param path string
---@return any
function dofile(path) end

---Iterates over t[1], t[2], … up to the first nil.
---@param t table
---@return function
---@return table
---@return integer
function ipairs(t) end

---Compiles a text, or the pieces that a function returns; nil and a message if it can't.
---@param chunk string|function
---@param chunkname? string
---@param mode? string
---@param env? table
---@return function|nil
---@return string?
function load(chunk, chunkname, mode, env) end

---Compiles a file; nil and a message if it can't.
---@param path string
---@param mode? string
---@param env? table
---@return function|nil
---@return string?
function loadfile(path, mode, env) end

---The field after an index, or the first one; nil after the last.
---@param t table
---@param index? any
---@return any
---@return any
function next(t, index) end

---Iterates over all fields of a table, or as its metamethod __pairs says.
---@param t any
---@return function
---@return any
---@return any
function pairs(t) end

---Calls a function; true and its results, or false and the error.
---@param f any
---@param ... any
---@return boolean
---@return any
function pcall(f, ...) end

---Writes its arguments as text, with tabs between them, to the output of the state.
---@param ... any
function print(...) end

---Whether two values are the same, without metamethods.
---@param a any
---@param b any
---@return boolean
function rawequal(a, b) end

---A field, without metamethods.
---@param t table
---@param index any
---@return any
function rawget(t, index) end

---The length, without metamethods.
---@param v table|string
---@return integer
function rawlen(v) end

---Sets a field, without metamethods; returns the table.
---@param t table
---@param index any
---@param value any
---@return table
function rawset(t, index, value) end

---The value of a module, which is found by package.searchers and run when it is asked for first.
---@param name string
---@return any
---@return any
function require(name) end

---The arguments from an index on, or with "#" how many there are.
---@param index integer|string
---@param ... any
---@return any
function select(index, ...) end

---Sets or takes away the metatable of a table; returns the table.
---@param t table
---@param metatable table|nil
---@return table
function setmetatable(t, metatable) end

---The integer that a value or a text in a base stands for, or nil.
---@param v any
---@param base? integer
---@return integer|nil
function tonumber(v, base) end

---A text for any value, with the metamethods __tostring and __name.
---@param v any
---@return string
function tostring(v) end

---The type of a value.
---@param v any
---@return string
function type(v) end

---Writes a warning; "@on" and "@off" turn warnings on and off.
---@param message string
---@param ... string
function warn(message, ...) end

---Calls a function; errors go through the handler, which sees the stack of the error.
---@param f any
---@param handler function
---@param ... any
---@return boolean
---@return any
function xpcall(f, handler, ...) end
