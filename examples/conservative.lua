-- The kernel's governor `conservative`: a step up above a load, a step down below another one.
up_threshold, down_threshold = 80, 20 -- percent
step = 5 -- percent of the highest frequency that is allowed

local last = {} -- for each CPU: its times when it was last looked at, and the load that came out
local wishes = {} -- for each CPU: the frequency that was last wished for; steps are smaller than those of the table

-- The share of time in which a CPU was busy since the last call, in percent.
function get_load(n)
  local user, nice, system, idle, iowait, irq, softirq, steal = cpu.times(n)
  if not user then return 0 end -- it is switched off
  local busy = user + nice + system + irq + softirq + steal
  local whole = busy + idle + iowait
  local seen = last[n] or { busy = 0, whole = 0, load = 0 }
  if whole > seen.whole then
    seen.load = 100 * (busy - seen.busy) // (whole - seen.whole)
  end
  seen.busy, seen.whole, last[n] = busy, whole, seen
  return seen.load
end

function throttle(n, cur, max, min)
  local wish = wishes[n] or cur
  if wish > max or wish < min then wish = cur end -- the limits have changed meanwhile
  local load = get_load(n)
  if load > up_threshold and wish < max then
    wish = math.min(max, wish + max * step // 100)
    cpufreq.target(n, wish, '<=')
  elseif load < down_threshold and wish > min then
    wish = math.max(min, wish - max * step // 100)
    cpufreq.target(n, wish, '>=')
  end
  wishes[n] = wish
end
