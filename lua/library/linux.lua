---@meta

-- Generated from src/isa/reference by tools/generate.ts. Do not edit.

---What scripts of every hook may ask the system.
---@class linuxlib
linux = {}

---The name of an error number, such as EPERM; not in the kernel.
---@param number integer
---@return string|nil
function linux.errname(number) end

---A network interface's number; not in the kernel.
---@param name string
---@return integer|nil
function linux.ifindex(name) end

---32 random bits.
---@return integer
function linux.random() end

---Nanoseconds since boot, with the time of being suspended.
---@return integer
function linux.time() end

---The hook cgroup/bind4: a socket gets a local address of IPv4; false denies it.
---@alias moonring.bind fun(address: integer|string, port: integer, protocol: integer): boolean|nil

---The hook cgroup/bind6: a socket gets a local address of IPv6; false denies it.
---@alias moonring.bind6 fun(address: integer|string, port: integer, protocol: integer): boolean|nil

---The hook cgroup/connect4: a connection, or a UDP socket gets a peer of IPv4; false denies it.
---@alias moonring.connect fun(address: integer|string, port: integer, protocol: integer): boolean|nil

---The hook cgroup/connect6: a connection, or a UDP socket gets a peer of IPv6; false denies it.
---@alias moonring.connect6 fun(address: integer|string, port: integer, protocol: integer): boolean|nil

---The hook cgroup/getpeername4: a process asks for the peer of a socket of IPv4.
---@alias moonring.getpeername fun(address: integer|string, port: integer, protocol: integer): boolean|nil

---The hook cgroup/getpeername6: a process asks for the peer of a socket of IPv6.
---@alias moonring.getpeername6 fun(address: integer|string, port: integer, protocol: integer): boolean|nil

---The hook cgroup/sendmsg4: a UDP message to an address of its own of IPv4; false denies it.
---@alias moonring.sendmsg fun(address: integer|string, port: integer, protocol: integer): boolean|nil

---The hook cgroup/sendmsg6: a UDP message to an address of its own of IPv6; false denies it.
---@alias moonring.sendmsg6 fun(address: integer|string, port: integer, protocol: integer): boolean|nil

---The hook cgroup/device: a device file is opened or made; false denies it.
---@alias moonring.device fun(access: integer, major: integer, minor: integer): boolean|nil

---The hook cgroup/egress: a packet leaves; false drops it.
---@alias moonring.egress fun(length: integer, protocol: integer, interface: integer): boolean|nil

---The hook cgroup/ingress: a packet arrives; false drops it.
---@alias moonring.ingress fun(length: integer, protocol: integer, interface: integer): boolean|nil

---The hook cgroup/sock-create: a new socket; false denies it.
---@alias moonring.socket fun(family: integer, type: integer, protocol: integer): boolean|nil

---The hook cgroup/sock-ops: something has happened to a TCP connection.
---@alias moonring.sockops fun(event: integer, family: integer, local_port: integer, remote_port: integer)
