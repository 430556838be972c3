/** A line on the terminal that says how far `filter` has come, once it takes longer than a moment. */

import type { PacketJudge } from '../packet/filter.ts'
import { standardError } from './output.ts'

/** Milliseconds before the line appears, and between its updates. */
const PATIENCE = 1000
const INTERVAL = 200
/** Calls between looks at the clock. */
const STRIDE = 1024

const CLEAR = '\r\x1b[K'

export interface Progress {
  readonly judge: PacketJudge
  /** Removes the line. */
  end(): void
}

/**
 * Wraps what judges packets so that it shows its progress; unchanged if standard error is no terminal.
 * @param bytes the whole capture, of which packets are views
 * @param rounds how often the capture is gone through
 */
export function withProgress(judge: PacketJudge, bytes: Uint8Array, rounds: number): Progress {
  if (!standardError.isTerminal) return { judge, end: () => {} }
  const start = performance.now()
  let [calls, round, last, shown] = [0, 0, 0, 0]
  const look = (offset: number) => {
    const now = performance.now()
    if (now - start < PATIENCE || now - shown < INTERVAL) return
    shown = now
    const done = (round + offset / bytes.length) / rounds
    standardError.control(`${CLEAR}${calls} calls of the script, ${Math.floor(done * 100)} %`)
    standardError.flush()
  }
  return {
    judge: {
      room: judge.room,
      look: (i, linkType, packet) => {
        if (packet.start < last) round++
        last = packet.start
        return judge.look(i, linkType, packet)
      },
      ruled: (i) => judge.ruled(i),
      judge: (i) => {
        if (++calls % STRIDE === 0) look(last)
        return judge.judge(i)
      },
    },
    end: () => {
      if (shown > 0) standardError.control(CLEAR)
    },
  }
}
