/** A state in user space whose scripts have the module packet, for tests. */
import { LIBRARIES, State } from '../src/index.ts'
import type { StateOptions } from '../src/state/state-options.ts'

/** A state that has run a script; `packet` is a global there. */
export function packetState(script = '', options: StateOptions = {}): State {
  const state = new State({ libraries: LIBRARIES, ...options })
  state.loadSync(`packet = require 'packet'\n${script}`)
  return state
}

/** Bytes written in hexadecimal, with spaces wherever they help. */
export const hex = (text: string): Uint8Array =>
  Uint8Array.from(Buffer.from(text.replaceAll(/\s/g, ''), 'hex'))

const FIELDS = `function fields(name, block, offset)
  local segment, lines = block:segment(offset):layout(packet.layouts[name]), {}
  for field in pairs(packet.layouts[name]) do
    local value = segment[field]
    if type(value) == 'string' then value = value:gsub('.', function(c) return ('%02x'):format(c:byte()) end) end
    lines[#lines + 1] = field .. '=' .. tostring(value)
  end
  return table.concat(lines, ' ')
end`

/** What reads all fields of a layout in a block, from an offset on: numbers, and strings in hexadecimal. */
export function fieldReader(): (
  layout: string,
  bytes: Uint8Array,
  offset?: number,
) => Record<string, number | string> {
  const state = packetState(FIELDS)
  return (layout, bytes, offset = 0) => {
    const [text] = state.callSync('fields', layout, bytes, offset)
    const pairs = String(text)
      .split(' ')
      .map((pair) => pair.split('=') as [string, string])
    return Object.fromEntries(
      pairs.map(([field, value]) => [field, /^\d{1,10}$/.test(value) ? Number(value) : value]),
    )
  }
}

const be16 = (value: number) => [value >> 8, value & 255]
const vector16 = (bytes: readonly number[]) => [...be16(bytes.length), ...bytes]

/** A query of DNS for one name, whose labels may hold any bytes. */
export function dnsQuery(labels: readonly string[], type = 1, id = 0xbeef): Uint8Array {
  const name = labels.flatMap((label) => [label.length, ...Buffer.from(label, 'latin1')])
  return Uint8Array.from([...be16(id), 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, ...name, 0, ...be16(type), 0, 1])
}

/** A TLS record with a client hello that has these extensions, [type, content] each. */
export function clientHello(extensions: readonly (readonly [number, readonly number[]])[]): Uint8Array {
  const list = extensions.flatMap(([type, content]) => [...be16(type), ...vector16(content)])
  const random = Array.from({ length: 32 }, (_, i) => i)
  const body = [3, 3, ...random, 2, 7, 7, ...vector16([0x13, 1, 0x13, 2]), 1, 0, ...vector16(list)]
  const handshake = [1, 0, ...vector16(body)]
  return Uint8Array.from([22, 3, 1, ...vector16(handshake)])
}

/** The extension server_name with one host's name (RFC 6066). */
export const serverName = (name: string): readonly [number, readonly number[]] => [
  0,
  vector16([0, ...vector16([...Buffer.from(name)])]),
]
