/** Parameters of requests: clients may send anything. */
import type { AttachOptions, CreateOptions, Script } from '../named/named-state.ts'
import { fromWire } from './wire-bytes.ts'
import { BadRequest } from './wire-error.ts'

export type Fields = Readonly<Record<string, unknown>>

/** @throws BadRequest, as all here do */
export function fieldsOf(value: unknown, what: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields
  throw new BadRequest(`${what} is no object`)
}

export function text(fields: Fields, name: string): string {
  const value = fields[name]
  if (typeof value === 'string') return value
  throw new BadRequest(`${name} is no string`)
}

/** A number from 0 on. */
export function integer(fields: Fields, name: string): number {
  const value = fields[name]
  if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number
  throw new BadRequest(`${name} is no integer from 0 on`)
}

/** Whatever they are: checkCreateOptions of src/named refuses what isn't right. */
export function createOptions(value: unknown): CreateOptions {
  return fieldsOf(value, 'options')
}

/** Whatever they are: checkAttachOptions of src/named, which knows the hook, refuses what isn't right. */
export function attachOptions(value: unknown): AttachOptions {
  return fieldsOf(value, 'options')
}

export function script(value: unknown): Script {
  const fields = fieldsOf(value, 'script')
  return { name: text(fields, 'name'), text: bytes(fields.text) }
}

function bytes(value: unknown): Uint8Array {
  if (typeof value === 'string') return fromWire(value)
  return fromWire({ base64: text(fieldsOf(value, 'text'), 'base64') })
}

/** A name that need not be given. */
export function optionalText(fields: Fields, name: string): string | undefined {
  return fields[name] === undefined ? undefined : text(fields, name)
}
