/** Steps of jumps. */
import { CONDITIONS_32 } from './arithmetic32.ts'
import { CONDITIONS_64 } from './arithmetic64.ts'
import type { Cond, Width } from './instruction-table.ts'
import { IMMEDIATE, KIND, type Machine } from './machine.ts'
import type { Step } from './step.ts'

const { ARENA, SCALAR } = KIND

const NOT_COMPARABLE = 'only scalars and arena addresses can be compared.'

export function branchRegStep(
  m: Machine,
  cond: Cond,
  width: Width,
  dst: number,
  src: number,
  target: number,
  next: number,
): Step {
  const { words, kinds } = m
  const d = 2 * dst
  const s = 2 * src
  const short = CONDITIONS_32[cond]
  const wide = CONDITIONS_64[cond]
  return () => {
    if (kinds[dst] !== SCALAR) m.plain(dst, NOT_COMPARABLE)
    if (kinds[src] !== SCALAR) m.plain(src, NOT_COMPARABLE)
    const holds = width === 32 ? short(words[d]!, words[s]!) : wide(words, d, s)
    return holds ? target : next
  }
}

export function branchImmStep(
  m: Machine,
  cond: Cond,
  width: Width,
  dst: number,
  imm: number,
  target: number,
  next: number,
): Step {
  const { words, kinds } = m
  const d = 2 * dst
  const short = CONDITIONS_32[cond]
  const wide = CONDITIONS_64[cond]
  /** Addresses outside of the arena may be compared with null, which they never are. */
  const withNull = width === 64 && imm === 0 && (cond === 'eq' || cond === 'ne')
  return () => {
    const kind = kinds[dst]!
    if (withNull && kind > ARENA) return cond === 'ne' ? target : next
    if (kind !== SCALAR) m.plain(dst, NOT_COMPARABLE)
    if (width === 32) return short(words[d]!, imm) ? target : next
    m.setImmediate(imm)
    return wide(words, d, 2 * IMMEDIATE) ? target : next
  }
}

/** Falls through until the budget of visits is used up, then jumps each time. */
export function mayGotoStep(m: Machine, target: number, next: number): Step {
  return () => {
    if (m.visitsLeft <= 0) return target
    m.visitsLeft--
    return next
  }
}
