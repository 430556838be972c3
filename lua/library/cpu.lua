---@meta

-- Generated from src/isa/reference by tools/generate.ts. Do not edit.

---Processors and their time.
---@class cpulib
cpu = {}

---The processors that are switched on.
---@return integer[]
function cpu.online() end

---Nanoseconds in user, nice, system, idle, iowait, irq, softirq and steal; nothing if it is switched off.
---@param cpu integer
---@return integer|nil
---@return integer?
---@return integer?
---@return integer?
---@return integer?
---@return integer?
---@return integer?
---@return integer?
function cpu.times(cpu) end
