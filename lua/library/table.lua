---@meta

-- Generated from src/isa/reference by tools/generate.ts. Do not edit.

---Tables as lists.
---@class tablelib
table = {}

---The strings and integers of a list, joined.
---@param list table
---@param separator? string
---@param i? integer
---@param j? integer
---@return string
function table.concat(list, separator, i, j) end

---Inserts a value, by default at the end.
---@param list table
---@param position_or_value any
---@param value? any
function table.insert(list, position_or_value, value) end

---Copies elements, also within one table; returns the destination.
---@param from table
---@param first integer
---@param last integer
---@param at integer
---@param to? table
---@return table
function table.move(from, first, last, at, to) end

---A list of the arguments, with their number in the field n.
---@param ... any
---@return table
function table.pack(...) end

---Removes an element, by default the last one, and returns it.
---@param list table
---@param position? integer
---@return any
function table.remove(list, position) end

---Sorts a list in place.
---@param list table
---@param less? function
function table.sort(list, less) end

---The elements of a list as values.
---@param list table
---@param i? integer
---@param j? integer
---@return any
function table.unpack(list, i, j) end
