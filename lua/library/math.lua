---@meta

-- Generated from src/isa/reference by tools/generate.ts. Do not edit.

---Functions on integers. What the reference has for floats is absent.
---@class mathlib
math = {}

---The largest integer, 2^63 - 1.
---@type integer
math.maxinteger = nil

---The smallest integer, -2^63.
---@type integer
math.mininteger = nil

---Without its sign; the smallest integer stays as it is.
---@param n integer
---@return integer
function math.abs(n) end

---The integer itself.
---@param n integer
---@return integer
function math.ceil(n) end

---The integer itself.
---@param n integer
---@return integer
function math.floor(n) end

---The remainder, with the sign of a.
---@param a integer
---@param b integer
---@return integer
function math.fmod(a, b) end

---The largest.
---@param n integer
---@param ... integer
---@return integer
function math.max(n, ...) end

---The smallest.
---@param n integer
---@param ... integer
---@return integer
function math.min(n, ...) end

---A random integer from m to n, or from 1 to m; of all bits for m = 0.
---@param m integer
---@param n? integer
---@return integer
function math.random(m, n) end

---Sets the seed of random.
---@param x? integer
---@param y? integer
---@return integer
---@return integer
function math.randomseed(x, y) end

---The integer that a value stands for, or nil.
---@param v any
---@return integer|nil
function math.tointeger(v) end

---"integer", or nil for what is no number.
---@param v any
---@return string|nil
function math.type(v) end

---Whether a is below b, both taken without sign.
---@param a integer
---@param b integer
---@return boolean
function math.ult(a, b) end
