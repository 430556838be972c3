-- The kernel's governor `ondemand`: full speed above a load, otherwise a frequency in proportion to the load.
up_threshold = 95 -- percent

local last = {} -- for each CPU: its times when it was last looked at, and the load that came out
local policies = {} -- for each CPU: its policy

-- The share of time in which a CPU was busy since the last call, in percent.
function get_load(n)
  local user, nice, system, idle, iowait, irq, softirq, steal = cpu.times(n)
  if not user then return 0 end -- switched off
  local busy = user + nice + system + irq + softirq + steal
  local whole = busy + idle + iowait
  local seen = last[n] or { busy = 0, whole = 0, load = 0 }
  if whole > seen.whole then
    seen.load = 100 * (busy - seen.busy) // (whole - seen.whole)
  end
  seen.busy, seen.whole, last[n] = busy, whole, seen
  return seen.load
end

-- The frequency of a table, lowest first, that is closest to a wish; the wish itself where there is no table.
local function closest(frequencies, wish)
  local below
  for i = 1, #frequencies do
    local frequency = frequencies[i]
    if frequency >= wish then
      return below and wish - below <= frequency - wish and below or frequency
    end
    below = frequency
  end
  return below or wish
end

function throttle(n, cur, max, min)
  local policy = policies[n] or cpufreq.policy(n)
  policies[n] = policy
  local load = 0
  for i = 1, #policy.cpus do load = math.max(load, get_load(policy.cpus[i])) end
  if load > up_threshold then
    cpufreq.target(n, max, '<=')
  else
    local lowest, highest = policy.cpuinfo_min, policy.cpuinfo_max
    cpufreq.target(n, closest(policy.frequencies, lowest + load * (highest - lowest) // 100), '<=')
  end
end
