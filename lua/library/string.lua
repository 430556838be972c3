---@meta

-- Generated from src/isa/reference by tools/generate.ts. Do not edit.

---Strings of bytes; also as methods: s:upper().
---@class stringlib
string = {}

---The bytes from i to j; by default the first.
---@param s string
---@param i? integer
---@param j? integer
---@return integer
function string.byte(s, i, j) end

---The string of these bytes.
---@param ... integer
---@return string
function string.char(...) end

---Where a pattern first matches, and its captures.
---@param s string
---@param pattern string
---@param init? integer
---@param plain? boolean
---@return integer|nil
---@return integer?
---@return any
function string.find(s, pattern, init, plain) end

---A text with values in place of %d, %i, %x, %X, %o, %c, %s, %q, %p; no conversions of floats.
---@param form string
---@param ... any
---@return string
function string.format(form, ...) end

---Iterates over all matches.
---@param s string
---@param pattern string
---@param init? integer
---@return function
function string.gmatch(s, pattern, init) end

---Replaces matches, at most n; also returns how many there were.
---@param s string
---@param pattern string
---@param by string|table|function
---@param n? integer
---@return string
---@return integer
function string.gsub(s, pattern, by, n) end

---The length in bytes.
---@param s string
---@return integer
function string.len(s) end

---With the letters A to Z in lower case.
---@param s string
---@return string
function string.lower(s) end

---The captures of the first match, or all of it.
---@param s string
---@param pattern string
---@param init? integer
---@return any
function string.match(s, pattern, init) end

---Integers and strings in binary form; no floats.
---@param form string
---@param ... any
---@return string
function string.pack(form, ...) end

---The size of what pack makes of a format of fixed size.
---@param form string
---@return integer
function string.packsize(form) end

---The string n times.
---@param s string
---@param n integer
---@param separator? string
---@return string
function string.rep(s, n, separator) end

---The bytes from the last to the first.
---@param s string
---@return string
function string.reverse(s) end

---The bytes from i to j; negative positions count from the end.
---@param s string
---@param i integer
---@param j? integer
---@return string
function string.sub(s, i, j) end

---The values of a packed string, and the position behind them.
---@param form string
---@param s string
---@param position? integer
---@return any
function string.unpack(form, s, position) end

---With the letters a to z in upper case.
---@param s string
---@return string
function string.upper(s) end
