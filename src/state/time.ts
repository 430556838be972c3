/** The clock of logs: nanoseconds since boot, as bpf_ktime_get_boot_ns gives them to hooks in the kernel. */
import { readFileSync } from 'node:fs'

let bootedAt: number | undefined

/** When the machine was booted, in milliseconds since 1970, to 10 ms: the first number of /proc/uptime (proc(5)). */
export function bootTime(): number {
  if (bootedAt !== undefined) return bootedAt
  try {
    bootedAt = Date.now() - Number.parseFloat(readFileSync('/proc/uptime', 'latin1')) * 1000
  } catch {
    bootedAt = performance.timeOrigin // not Linux: since this process was started
  }
  return bootedAt
}

export function nanosecondsSinceBoot(): number {
  return Math.round((Date.now() - bootTime()) * 1e6)
}
