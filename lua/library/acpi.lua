---@meta

-- Generated from src/isa/reference by tools/generate.ts. Do not edit.

---Temperatures.
---@class acpilib
acpi = {}

---Degrees Celsius from the sensor nearest to a processor.
---@param cpu integer
---@return integer|nil
function acpi.get_temp(cpu) end
