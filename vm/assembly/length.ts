// The length operator for values with metatables.
import {
  EVENT_LEN,
  G_BASE,
  G_NEXT_PC,
  G_PC,
  MSG_LENGTH,
  T_TABLE,
  TABLE_META,
  V_NIL,
} from '../generated/layout'
import { registerA } from './decode'
import { callMeta } from './frames'
import { fastMetamethod, metamethodOf } from './metatable'
import { raiseOperand } from './raise'
import { border } from './table'
import { high, low } from './value'

/** R[A] := #v by metamethod, or the border of a table without one. */
export function lengthValue(pc: usize, v: i64): usize {
  store<u32>(G_PC, u32(pc))
  const isTable = high(v) == T_TABLE
  const f = isTable ? fastMetamethod(load<u32>(low(v), TABLE_META), EVENT_LEN) : metamethodOf(v, EVENT_LEN)
  if (f != V_NIL) return callMeta(pc, f, v, v)
  if (isTable) {
    store<i64>(registerA(pc, load<u32>(G_BASE)), border(low(v)))
    return pc + 8
  }
  raiseOperand(MSG_LENGTH, v, 0)
  return load<u32>(G_NEXT_PC)
}
