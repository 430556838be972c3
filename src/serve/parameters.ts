/** Parameters of requests: clients may send anything. */
import type { AttachOptions, CreateOptions, Script } from '../named/named-state.ts'
import type { Library } from '../state/image.ts'
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

function number(fields: Fields, name: string): number {
  const value = fields[name]
  if (typeof value === 'number') return value
  throw new BadRequest(`${name} is no number`)
}

/** A field that may be missing. */
function optional<K extends string, T>(fields: Fields, name: K, read: (fields: Fields, name: K) => T) {
  return (fields[name] === undefined ? {} : { [name]: read(fields, name) }) as { readonly [key in K]?: T }
}

function flag(fields: Fields, name: string): boolean {
  const value = fields[name]
  if (typeof value === 'boolean') return value
  throw new BadRequest(`${name} is neither true nor false`)
}

/** Names of libraries; whether there are such, the state says. */
function libraries(fields: Fields, name: string): Library[] {
  const value = fields[name]
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value as Library[]
  throw new BadRequest(`${name} is no list of strings`)
}

export function createOptions(value: unknown): CreateOptions {
  const fields = fieldsOf(value, 'options')
  return {
    ...optional(fields, 'memory', integer),
    ...optional(fields, 'fuel', integer),
    ...optional(fields, 'deadline', number),
    ...optional(fields, 'libraries', libraries),
    ...optional(fields, 'description', text),
    ...optional(fields, 'perCpu', flag),
  }
}

/** Whatever they are: checkAttachOptions of src/named, which knows the hook, refuses what isn't right. */
export function attachOptions(value: unknown): AttachOptions {
  const fields = fieldsOf(value, 'options')
  return fields.match === undefined ? fields : { ...fields, match: fieldsOf(fields.match, 'match') }
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
