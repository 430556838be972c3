/** What a packet filter's results mean, between the state that runs it and the counts of src/packet. */

import type { Verdict } from '../packet/filter.ts'
import { LuaError } from '../state/errors.ts'
import { LuaReference, type LuaValue } from '../state/memory.ts'
import type { State } from '../state/state.ts'

/** Lines of a traceback that are kept: reports show one for each distinct error. */
const MOST_LINES = 10

/**
 * Calls the function of a state for each packet.
 * @param name of the global function
 */
export function verdictsOf(state: State, name: string): (header: Uint8Array, payload: Uint8Array) => Verdict {
  return (header, payload) => {
    let first: LuaValue | undefined
    try {
      first = state.callSync(name, header, payload)[0]
    } catch (error) {
      if (error instanceof LuaError) return { error: withTraceback(error) }
      throw error
    }
    if (first === true || first === undefined || first === null) return 'accept'
    if (first === false) return 'drop'
    return { error: `${name} returned ${typeName(first)}; it must return true, nil or false` }
  }
}

function withTraceback({ message, traceback }: LuaError): string {
  if (traceback === '') return message
  const lines = traceback.split('\n')
  const hidden = lines.length - MOST_LINES
  const shown = hidden > 1 ? [...lines.slice(0, MOST_LINES), `\t… and ${hidden} more levels`] : lines
  return [message, ...shown].join('\n')
}

function typeName(value: LuaValue): string {
  if (typeof value === 'string' || value instanceof Uint8Array) return 'a string'
  if (typeof value === 'number' || typeof value === 'bigint') return 'a number'
  if (value instanceof LuaReference) return value.type === 'data' ? 'a data block' : `a ${value.type}`
  return 'a table'
}
