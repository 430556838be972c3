/** What a state has under a name: for completion in interactive sessions. */
import { LuaReference, type LuaValue } from '../state/memory.ts'
import type { State } from '../state/state.ts'

export interface Field {
  readonly name: string
  /** Whether it could be called. */
  readonly callable: boolean
}

/**
 * Fields of the global at a path such as `string` or `a.b`, whose names are identifiers; strings have those of the
 * string library, other values none.
 */
export function fieldsOf(state: State, path: string): Field[] {
  let value: LuaValue
  try {
    value = state.getGlobal(path)
    if (typeof value === 'string' || value instanceof Uint8Array) value = state.getGlobal('string')
  } catch {
    return [] // such as a name that is too long
  }
  if (!(value instanceof Map)) return []
  return [...value].flatMap(([key, field]) =>
    typeof key === 'string' && /^[A-Za-z_]\w*$/.test(key)
      ? [{ name: key, callable: field instanceof LuaReference || field instanceof Map }]
      : [],
  )
}
