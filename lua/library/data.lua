---@meta

-- Generated from src/isa/reference by tools/generate.ts. Do not edit.

---A compiled layout.
---@class data.layout
local data_layout = {}

---A block of bytes. #b is its length, tostring(b) its bytes.
---@class data.block
---@field [string] integer|string|nil A field of its layout.
local data_block = {}

---Gives the block a layout; returns the block.
---@param layout data.layout|table<string, table>
---@return data.block
function data_block:layout(layout) end

---A block over a part of the same bytes; nil where there is none.
---@param offset? integer
---@param length? integer
---@return data.block|nil
function data_block:segment(offset, length) end

---Blocks of bytes with named fields.
---@class datalib
data = {}

---Compiles a layout: names with {offset, length[, type[, endian]]}.
---@param fields table<string, table>
---@return data.layout
function data.layout(fields) end

---A block of these bytes, or of so many zeros.
---@param contents table|string|integer
---@return data.block
function data.new(contents) end

---Accesses outside a block raise from now on, or no longer; returns what held before.
---@param on? boolean
---@return boolean
function data.strict(on) end

---A packet filter: gets the headers of a packet and its payload; false drops the packet.
---@alias moonring.filter fun(hdr: data.block, pld: data.block): boolean|nil
