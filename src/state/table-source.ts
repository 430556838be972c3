/**
 * What a JavaScript object gives for a Lua table, read at once: arrays, maps and plain objects. Reading may call code of
 * the host (getters, proxies), so all of that happens here, and whatever it throws is a Refusal.
 */
import { isMap } from 'node:util/types'
import { messageOf } from './errors.ts'

/** Pairs of a table; without `keys` the keys are 1, 2, 3 and so on. */
export interface TableSource {
  readonly keys: readonly unknown[] | undefined
  readonly values: readonly unknown[]
}

/** Why a value can't be passed, as the end of a sentence that begins with its place: `is a Date`. */
export class Refusal extends Error {}

/** What to pass instead, by the class of the value. */
const INSTEAD: Readonly<Record<string, string>> = {
  Date: 'pass date.getTime() or date.toISOString()',
  Set: 'pass [...set]',
  ArrayBuffer: 'pass new Uint8Array(buffer)',
  SharedArrayBuffer: 'pass new Uint8Array(buffer)',
  DataView: 'pass a Uint8Array of its bytes',
  Promise: 'await it first',
  Error: 'pass its message',
}

/**
 * @param most elements that there may be
 * @throws Refusal of what is no array, map or plain object, or can't be read
 */
export function tableSource(value: object, most: number): TableSource {
  try {
    if (Array.isArray(value)) return readArray(value, most)
    // isMap takes longer than everything else here: plain objects with fields aren't asked
    const isPlain = isPlainObject(value)
    const source = isPlain ? readObject(value) : undefined
    if (source !== undefined && source.values.length > 0) return source
    if (isMap(value)) return readMap(value as ReadonlyMap<unknown, unknown>)
    if (source === undefined) throw new Refusal(`is ${kindOf(value)}`)
    return source
  } catch (error) {
    if (error instanceof Refusal) throw error
    throw new Refusal(`can't be read: ${messageOf(error)}`, { cause: error })
  }
}

function readArray(array: readonly unknown[], most: number): TableSource {
  const { length } = array
  // of a proxy it may be anything
  if (!(Number.isInteger(length) && length >= 0 && length <= most))
    throw new Refusal(`is an array of ${String(length)} elements, for which the state has no memory`)
  const values = new Array<unknown>(length)
  for (let i = 0; i < length; i++) values[i] = array[i]
  return { keys: undefined, values }
}

function readMap(map: ReadonlyMap<unknown, unknown>): TableSource {
  const keys: unknown[] = []
  const values: unknown[] = []
  Map.prototype.forEach.call(map, (value, key) => {
    keys.push(key)
    values.push(value)
  })
  return { keys, values }
}

function readObject(object: object): TableSource {
  const symbols = Object.getOwnPropertySymbols(object)
  for (let i = 0; i < symbols.length; i++)
    if (Object.getOwnPropertyDescriptor(object, symbols[i] as symbol)?.enumerable)
      throw new Refusal(`has the key ${String(symbols[i])}, which is a symbol`)
  // faster than the keys and then each value
  const entries: [unknown, unknown][] = Object.entries(object)
  const { length } = entries
  const keys = new Array<unknown>(length)
  const values = new Array<unknown>(length)
  for (let i = 0; i < length; i++) {
    const entry = entries[i] as [unknown, unknown]
    keys[i] = entry[0]
    values[i] = entry[1]
  }
  return { keys, values }
}

function isPlainObject(object: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(object)
  const isPlain =
    prototype === Object.prototype || prototype === null || Object.getPrototypeOf(prototype) === null // of any realm
  return isPlain && Object.prototype.toString.call(object) === '[object Object]'
}

/** What an object is that isn't plain: `a Date: pass …`. */
function kindOf(object: object): string {
  const tag = Object.prototype.toString.call(object).slice(8, -1)
  const name = tag === 'Object' || tag === 'Error' ? nameOfClass(object) : tag
  const instead = INSTEAD[name] ?? insteadOf(object)
  return `${/^[AEIOU]/.test(name) ? 'an' : 'a'} ${name}: ${instead}`
}

function nameOfClass(object: object): string {
  const made = object.constructor
  return typeof made === 'function' && made.name !== '' ? String(made.name) : 'class instance'
}

function insteadOf(object: object): string {
  if (object instanceof Error) return 'pass its message'
  if (ArrayBuffer.isView(object)) return 'pass Array.from(it), or its bytes as a Uint8Array'
  return 'pass what Lua is to know of it as a plain object'
}
