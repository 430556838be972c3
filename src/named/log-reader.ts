/**
 * Reads the log of a state while others write to it. A record is copied first, and then dropped again if it has been
 * overwritten meanwhile, which the log's tail tells.
 */
import { CONTROL, LOG, LOG_KIND } from '../isa/layout.ts'
import { bootTime } from '../state/time.ts'
import type { ControlBlock } from './control-block.ts'
import type { LogRecord } from './description.ts'

export interface LogPart {
  readonly records: readonly LogRecord[]
  /** The number of the record that comes next. */
  readonly next: number
  /** Records from `after` on that have been overwritten. */
  readonly lost: number
}

/** Records from a number on, oldest first. */
export function readLog(control: ControlBlock, after = 0): LogPart {
  const at = (field: number) => control.count(control.address + field)
  const head = at(CONTROL.LOG_HEAD)
  const found: { record: LogRecord; position: number }[] = []
  for (let position = at(CONTROL.LOG_TAIL); position < head; ) {
    const { record, size } = readRecord(control, position)
    const oldest = at(CONTROL.LOG_TAIL)
    // overwritten while it was read: neither it nor its size means anything
    if (position < oldest) {
      position = oldest
      continue
    }
    if (record) found.push({ record, position })
    position += size
  }
  const tail = at(CONTROL.LOG_TAIL)
  const records = found.flatMap(({ record, position }) =>
    position >= tail && record.number >= after ? [record] : [],
  )
  const next = (records.at(-1)?.number ?? after - 1) + 1
  return { records, next, lost: records.length === 0 ? 0 : (records[0] as LogRecord).number - after }
}

function readRecord(control: ControlBlock, position: number): { record?: LogRecord; size: number } {
  const offset = position % LOG.BYTES
  const rest = LOG.BYTES - offset
  const address = control.address + CONTROL.LOG + offset
  if (rest < LOG.TEXT || control.word(address + LOG.KIND) === LOG_KIND.FILLER) return { size: rest }
  const length = Math.min(control.word(address + LOG.LENGTH) >>> 0, LOG.LONGEST, rest - LOG.TEXT)
  const text = Buffer.from(control.bytesAt(address + LOG.TEXT, length)).toString()
  const record: LogRecord = {
    number: control.count(address + LOG.NUMBER),
    kind: control.word(address + LOG.KIND) === LOG_KIND.ERROR ? 'error' : 'output',
    time: Math.round(bootTime() + control.count(address + LOG.TIME) / 1e6),
    times: control.word(address + LOG.TIMES) >>> 0,
    text,
  }
  return { record, size: LOG.TEXT + ((length + 7) & ~7) }
}
