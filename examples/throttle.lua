-- A governor: full speed above a load, slower below another one, and slower when the processor is too hot.
-- Loads are in percent, temperatures in degrees Celsius. All of it can be changed in a live state.
up, down, overheated = 80, 30, 100

local last = {} -- for each CPU: its times when it was last looked at, and the load since the time before

-- The share of time in which a CPU was busy since the last call.
function get_load(n)
  local user, nice, system, idle, iowait, irq, softirq, steal = cpu.times(n)
  local busy = user + nice + system + irq + softirq + steal
  local whole = busy + idle + iowait
  local seen = last[n] or { busy = 0, whole = 0, load = 0 }
  last[n] = seen
  if whole > seen.whole then
    seen.load = 100 * (busy - seen.busy) // (whole - seen.whole)
  end
  seen.busy, seen.whole = busy, whole
  return seen.load
end

function throttle(n, cur, max, min)
  local load = get_load(n)
  local temperature = acpi.get_temp(n) or 0
  if temperature >= overheated or load < down then
    cpufreq.target(n, cur * 80 // 100, '<=')
  elseif load > up then
    cpufreq.target(n, max, '>=')
  end
end
