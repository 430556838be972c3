---@meta

-- Generated from src/isa/reference by tools/generate.ts. Do not edit.

---Coroutines. Functions may yield from everywhere, also from callbacks of library functions.
---@class coroutinelib
coroutine = {}

---Ends a coroutine that is suspended or dead, and closes its variables; false and the error if that fails.
---@param co thread
---@return boolean
---@return any
function coroutine.close(co) end

---A new coroutine, suspended.
---@param f function
---@return thread
function coroutine.create(f) end

---Whether a coroutine, or the running one, can yield.
---@param co? thread
---@return boolean
function coroutine.isyieldable(co) end

---Goes on with a coroutine; true and what it yields or returns, or false and the error.
---@param co thread
---@param ... any
---@return boolean
---@return any
function coroutine.resume(co, ...) end

---The running coroutine, and whether it is the main one.
---@return thread
---@return boolean
function coroutine.running() end

---"running", "suspended", "normal" or "dead".
---@param co thread
---@return string
function coroutine.status(co) end

---A function that resumes a new coroutine and passes on its errors.
---@param f function
---@return function
function coroutine.wrap(f) end

---Suspends the running coroutine; returns what it is resumed with.
---@param ... any
---@return any
function coroutine.yield(...) end
