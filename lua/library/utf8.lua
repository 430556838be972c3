---@meta

-- Generated from src/isa/reference by tools/generate.ts. Do not edit.

---Strings in UTF-8.
---@class utf8lib
utf8 = {}

---A pattern that matches one character.
---@type string
utf8.charpattern = nil

---The string of these characters.
---@param ... integer
---@return string
function utf8.char(...) end

---The characters that begin from byte i to byte j.
---@param s string
---@param i? integer
---@param j? integer
---@param lax? boolean
---@return integer
function utf8.codepoint(s, i, j, lax) end

---Iterates over positions and characters.
---@param s string
---@param lax? boolean
---@return function
---@return string
---@return integer
function utf8.codes(s, lax) end

---How many characters begin from byte i to byte j; nil and the position of the first byte that is no UTF-8.
---@param s string
---@param i? integer
---@param j? integer
---@param lax? boolean
---@return integer|nil
---@return integer?
function utf8.len(s, i, j, lax) end

---Where the n-th character from byte i begins.
---@param s string
---@param n integer
---@param i? integer
---@return integer|nil
function utf8.offset(s, n, i) end
