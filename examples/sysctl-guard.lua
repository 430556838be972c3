-- Which sysctls the processes of a control group may read and write: for the hook cgroup/sysctl.
secrets = { ['kernel/core_pattern'] = true }

function sysctl(write, position)
  local name = ctl.name()
  if write == 1 then print('write of ' .. name) end
  return not secrets[name]
end
