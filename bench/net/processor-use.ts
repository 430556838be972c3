/** How busy the machine is, from /proc/stat (proc(5)). */
import { readFileSync } from 'node:fs'

/** Columns of a line of /proc/stat: guest times are in user's. */
const IDLE = 3
const IOWAIT = 4
const COUNTED = 8

function times(): { busy: number; all: number } {
  const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n')
  const values = line
    .trim()
    .split(/\s+/)
    .slice(1, 1 + COUNTED)
    .map(Number)
  const all = values.reduce((sum, value) => sum + value, 0)
  return { busy: all - (values[IDLE] ?? 0) - (values[IOWAIT] ?? 0), all }
}

/** Begins to watch; the result tells which share of all processors' time was not idle, 0 to 1. */
export function processorUse(): () => number {
  const before = times()
  return () => {
    const after = times()
    return after.all === before.all ? 0 : (after.busy - before.busy) / (after.all - before.all)
  }
}
