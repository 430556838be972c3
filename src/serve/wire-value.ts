/** Values of scripts in JSON: what JSON has no word for is an object with one field, named after its kind. */
import { LuaReference, type LuaValue } from '../state/memory.ts'

export type WireValue =
  | null
  | boolean
  | number
  | string
  | readonly WireValue[]
  | { readonly integer: string }
  | { readonly bytes: string }
  | { readonly entries: readonly (readonly [WireValue, WireValue])[] }
  | { readonly reference: string }

/** Levels of tables that are told; a table may contain itself. */
const DEEPEST = 16

/** @param value a LuaValue; anything else becomes text */
export function toWireValue(value: unknown, depth = 0): WireValue {
  if (value === null || typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string')
    return value
  if (typeof value === 'bigint') return { integer: String(value) }
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString('base64') }
  if (value instanceof LuaReference) return { reference: value.type }
  if (depth === DEEPEST) return { reference: 'table' }
  if (Array.isArray(value)) return value.map((item) => toWireValue(item, depth + 1))
  if (value instanceof Map)
    return {
      entries: [...value].map(([key, item]) => [toWireValue(key, depth + 1), toWireValue(item, depth + 1)]),
    }
  return String(value)
}

export function fromWireValue(wire: WireValue): LuaValue {
  if (typeof wire !== 'object' || wire === null) return wire
  if (isList(wire)) return wire.map(fromWireValue)
  if ('integer' in wire) return BigInt(wire.integer)
  if ('bytes' in wire) return new Uint8Array(Buffer.from(wire.bytes, 'base64'))
  if ('entries' in wire)
    return new Map(wire.entries.map(([key, item]) => [fromWireValue(key), fromWireValue(item)]))
  if ('reference' in wire) return new LuaReference(wire.reference)
  return null
}

function isList(wire: WireValue): wire is readonly WireValue[] {
  return Array.isArray(wire)
}
