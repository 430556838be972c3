---@meta

-- Generated from src/isa/reference by tools/generate.ts. Do not edit.

---The sysctl that a script of the hook cgroup/sysctl is asked about.
---@class ctllib
ctl = {}

---Its name, such as net/ipv4/ip_forward; within the hook only.
---@return string|nil
function ctl.name() end

---The hook cgroup/sysctl: a sysctl is read (0) or written (1) from a position on; false denies it.
---@alias moonring.sysctl fun(write: integer, position: integer): boolean|nil
