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

---Of the payload of a packet on tc and xdp: gives it so many bytes; the new payload.
---@param bytes integer
---@return data.block|nil
function data_block:resize(bytes) end

---Of the headers of a packet on tc and xdp: sets source (0), destination (1), source port (2) or destination port (3), and keeps the checksums right; false if there is no such field.
---@param what integer
---@param value integer|string
---@return boolean
function data_block:rewrite(what, value) end

---Of the headers of a packet on tc and xdp: computes its checksums anew.
---@param pld? data.block
function data_block:seal(pld) end

---A block over a part of the same bytes; nil where there is none.
---@param offset? integer
---@param length? integer
---@return data.block|nil
function data_block:segment(offset, length) end

---The ones' complement sum of the bytes as big-endian words of 16 bits, and of an initial value.
---@param initial? integer
---@return integer
function data_block:sum(initial) end

---Of the headers of a packet in a hook: the part with the transport header, and the number of its protocol; false for other blocks.
---@return data.block|false|nil
---@return integer?
function data_block:transport() end

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

---A packet filter: gets the headers of a packet, its payload, its mark and devices, and its link layer; false drops the packet. See [packets](packets.md).
---@alias moonring.filter fun(hdr: data.block, pld: data.block, pkt: data.block, eth: data.block|nil): boolean|integer|nil
