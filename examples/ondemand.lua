-- The kernel's governor `ondemand`: full speed above a load, otherwise a frequency in proportion to the load.
up_threshold = 95 -- percent

local last = {} -- for each CPU: its times when it was last looked at, and the load that came out
local policies = {} -- for each CPU: its policy

-- The share of time in which a CPU was busy since the last call, in percent.
function get_load(n)
  local user, nice, system, idle, iowait, irq, softirq, steal = cpu.times(n)
  if not user then return 0 end -- it is switched off
  local busy = user + nice + system + irq + softirq + steal
  local whole = busy + idle + iowait
  local seen = last[n] or { busy = 0, whole = 0, load = 0 }
  if whole > seen.whole then
    seen.load = math.max(0, 100 * (busy - seen.busy) // (whole - seen.whole))
  end
  seen.busy, seen.whole, last[n] = busy, whole, seen
  return seen.load
end

-- The frequency of the policy that is closest to a wish.
local function closest(policy, wish, max, min)
  local best = math.max(min, math.min(max, wish))
  local distance
  for _, frequency in ipairs(policy.frequencies) do
    local d = math.abs(frequency - wish)
    if frequency >= min and frequency <= max and (not distance or d < distance) then
      best, distance = frequency, d
    end
  end
  return best
end

function throttle(n, cur, max, min)
  local policy = policies[n] or cpufreq.policy(n)
  policies[n] = policy
  local load = 0
  for _, c in ipairs(policy.cpus) do load = math.max(load, get_load(c)) end
  if load > up_threshold then
    cpufreq.target(n, max, '<=')
  else
    local lowest, highest = policy.cpuinfo_min, policy.cpuinfo_max
    cpufreq.target(n, closest(policy, lowest + load * (highest - lowest) // 100, max, min), '<=')
  end
end
