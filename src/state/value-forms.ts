/** Forms that values of scripts take in JavaScript, as far as a program can choose. */
import type { LuaValue } from './memory.ts'

export interface ValueForms {
  /**
   * What tables become that are no sequences. `map` (default): a Map. `plain`: an object whose keys are strings, or where
   * that would lose something, an array of pairs: see `plainKeys`.
   */
  readonly tables: 'map' | 'plain'
  /** What integers become. `auto` (default): numbers where they are safe, else bigints. `number`: others are refused. */
  readonly integers: 'auto' | 'bigint' | 'number'
}

export const DEFAULT_FORMS: ValueForms = { tables: 'map', integers: 'auto' }

/**
 * The keys of a table as those of an object: strings as they are, integers and booleans as text. Undefined if two of them
 * would become one, or one is something else: then the plain form of the table is an array of its `[key, value]` pairs.
 */
export function plainKeys(keys: readonly LuaValue[]): string[] | undefined {
  const texts = new Set<string>()
  for (const key of keys) {
    if (
      typeof key !== 'string' &&
      typeof key !== 'number' &&
      typeof key !== 'bigint' &&
      typeof key !== 'boolean'
    )
      return undefined
    texts.add(String(key))
  }
  return texts.size === keys.length ? [...texts] : undefined
}

/** Sets a property of a plain object, whatever its name: `__proto__` too. */
export function setPlain(object: object, key: string, value: unknown): void {
  Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true })
}

/** A table that is no sequence. Its `constructor` is Map, so that it equals a Map with the same entries. */
export class TableMap extends Map<LuaValue, LuaValue> {
  static {
    Object.defineProperty(TableMap.prototype, 'constructor', { value: Map, enumerable: false })
  }

  /** For JSON.stringify: the plain form. */
  toJSON(): unknown {
    const keys = plainKeys([...this.keys()])
    if (keys === undefined) return [...this]
    const object = {}
    let i = 0
    for (const value of this.values()) setPlain(object, keys[i++] as string, value)
    return object
  }
}
