/** Times of processors as /proc/stat has them, see proc(5). */
import type { Times } from './machine.ts'

/** Nanoseconds of the unit of /proc/stat: USER_HZ is 100 on every architecture that Node runs on. */
const TICK = 10_000_000

/** Times of each processor that is switched on. Lines that make no sense are left out. */
export function parseTimes(stat: string): Map<number, Times> {
  const all = new Map<number, Times>()
  for (const line of stat.split('\n')) {
    if (!line.startsWith('cpu')) break
    const match = /^cpu(\d+) (.*)$/.exec(line)
    if (match === null) continue
    const [user, nice, system, idle, iowait, irq, softirq, steal] = match[2]!
      .split(' ')
      .map((field) => Number(field) * TICK)
    if (![user, nice, system, idle].every(Number.isSafeInteger)) continue
    all.set(Number(match[1]), {
      user: user!,
      nice: nice!,
      system: system!,
      idle: idle!,
      iowait: iowait ?? 0,
      irq: irq ?? 0,
      softirq: softirq ?? 0,
      steal: steal ?? 0,
    })
  }
  return all
}

/** The share of a processor's time between two readings in which it was busy, in percent; undefined for none. */
export function busyPercent(before: Times, after: Times): number | undefined {
  const idle = after.idle - before.idle + after.iowait - before.iowait
  const busy = busyTime(after) - busyTime(before)
  const whole = idle + busy
  if (whole <= 0) return undefined
  return Math.max(0, Math.min(100, (100 * busy) / whole))
}

/** All of a processor's time but the idle one, in nanoseconds. Waiting for input and output counts as idle. */
export function busyTime({ user, nice, system, irq, softirq, steal }: Times): number {
  return user + nice + system + irq + softirq + steal
}
