---@meta

-- Generated from src/isa/reference by tools/generate.ts. Do not edit.

---Processors that share a frequency.
---@class cpufreq.policy
---@field name string Its name.
---@field driver string The driver.
---@field governor string The governor.
---@field cpus integer[] All of its processors.
---@field cur integer The frequency.
---@field min integer The lowest frequency that the user allows.
---@field max integer The highest frequency that the user allows.
---@field cpuinfo_min integer The lowest frequency there is.
---@field cpuinfo_max integer The highest frequency there is.
---@field frequencies integer[] All frequencies, the lowest first; empty if the driver takes any.
---@field transition_latency integer Nanoseconds that a change takes.
local cpufreq_policy = {}

---Frequencies of processors, in kHz, for scripts of the hook cpufreq.
---@class cpufreqlib
cpufreq = {}

---The frequency of a processor.
---@param cpu integer
---@return integer|nil
function cpufreq.get(cpu) end

---A processor's policy: its limits, frequencies, processors.
---@param cpu integer
---@return cpufreq.policy|nil
function cpufreq.policy(cpu) end

---Sets the lowest frequency at or above freq ('>=', the default) or the highest at or below ('<='); returns it.
---@param cpu integer
---@param freq integer
---@param relation? string
---@return integer|nil
function cpufreq.target(cpu, freq, relation) end

---Called for each policy in every period, with its first processor, the frequency set last, and the limits.
---@alias moonring.throttle fun(cpu: integer, cur: integer, max: integer, min: integer)
