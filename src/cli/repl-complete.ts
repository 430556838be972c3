/** Tab completion in an interactive session: globals, and fields of tables in globals. */

import { LuaReference, type LuaValue } from '../state/memory.ts'
import type { State } from '../state/state.ts'

/** The last name of a line, with the names before it: `string.re`, `t.a.`, `s:up`. */
const LAST_NAME = /((?:[A-Za-z_]\w*[.:])*)([A-Za-z_]\w*)?$/

/**
 * What could stand at the end of the line, and which part of it that would replace, as node:readline asks.
 * @param busy a script is running: its state can't be asked
 */
export function completeName(
  state: State,
  line: string,
  busy: boolean,
): [candidates: string[], part: string] {
  const [, path = '', start = ''] = LAST_NAME.exec(line) ?? []
  const part = path + start
  if (busy || part === '') return [[], part]
  const names =
    path === '' ? fieldsOf(state, '_G', false) : fieldsOf(state, path.slice(0, -1), path.endsWith(':'))
  const candidates = names
    .filter((name) => name.startsWith(start))
    .sort()
    .map((name) => path + name)
  return [[...new Set(candidates)], part]
}

/** Names of the fields of a value; strings have those of the string library. */
function fieldsOf(state: State, path: string, methods: boolean): string[] {
  let value: LuaValue
  try {
    value = state.getGlobal(path.replaceAll(':', '.'))
    if (typeof value === 'string' || value instanceof Uint8Array) value = state.getGlobal('string')
  } catch {
    return [] // such as a name that is too long
  }
  if (!(value instanceof Map)) return []
  const names: string[] = []
  for (const [key, field] of value) {
    const fits = typeof key === 'string' && /^[A-Za-z_]\w*$/.test(key)
    if (fits && (!methods || field instanceof LuaReference || field instanceof Map)) names.push(key)
  }
  return names
}
