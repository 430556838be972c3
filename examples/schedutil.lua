-- After the kernel's governor `schedutil`: a frequency in proportion to utilization, with a quarter to spare.
-- Utilization is the load at the present frequency, scaled to the highest one; it rises at once and decays slowly,
-- as the scheduler's own measure does, whose half-life is 32 ms.
halflife = 32000000 -- nanoseconds
margin = 125 -- percent of the utilization

local UNIT = 1024 -- utilization of a CPU that is always busy at the highest frequency
local last = {} -- for each CPU: its times when it was last looked at, and its utilization
local policies = {} -- for each CPU: its policy

-- The utilization of a CPU that has run at the frequency cur since the last call, of UNIT.
function get_load(n, cur, highest)
  local user, nice, system, idle, iowait, irq, softirq, steal = cpu.times(n)
  if not user then return 0 end -- it is switched off
  local busy = user + nice + system + irq + softirq + steal
  local whole = busy + idle + iowait
  local seen = last[n] or { busy = 0, whole = 0, utilization = 0 }
  local elapsed = whole - seen.whole
  if elapsed > 0 then
    local now = UNIT * (busy - seen.busy) // elapsed * cur // highest
    -- half of the difference is left after a half-life: halves as whole ones, the rest in proportion
    local rest = seen.utilization - now
    rest = rest >> math.min(62, elapsed // halflife)
    rest = rest - rest * (elapsed % halflife) // (2 * halflife)
    seen.utilization = now > seen.utilization and now or now + rest
  end
  seen.busy, seen.whole, last[n] = busy, whole, seen
  return seen.utilization
end

function throttle(n, cur, max, min)
  local policy = policies[n] or cpufreq.policy(n)
  policies[n] = policy
  local highest = policy.cpuinfo_max
  local utilization = 0
  for _, c in ipairs(policy.cpus) do
    utilization = math.max(utilization, get_load(c, cur, highest))
  end
  cpufreq.target(n, highest * utilization * margin // (100 * UNIT), '>=')
end
