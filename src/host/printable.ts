/**
 * Text of unknown origin, as people may see it: from scripts, packets, files, other processes. A terminal obeys control
 * characters, and a newline begins a line that somebody else seems to have written.
 *
 * Strings may hold bytes that are no UTF-8, as `decodeBytes` leaves them: the byte N as the lone surrogate U+DC00 + N.
 */

/** Control characters but tab and newline, marks and overrides of direction, line separators, halves of characters. */
const UNSAFE = /[^\P{Cc}\n\t]|[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|\p{Cs}/gu

/** Where bytes that are no UTF-8 lie in strings: U+DC80 to U+DCFF. */
const RAW_BYTES = 0xdc00

function spelled(character: string): string {
  const code = character.charCodeAt(0)
  const byte = code > RAW_BYTES && code <= RAW_BYTES + 0xff ? code - RAW_BYTES : code
  return byte <= 0xff ? `\\x${byte.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`
}

/** Text of any number of lines: what a terminal would obey is spelled as Lua does, `\x1b`, `\u{202e}`. Newlines and tabs stay. */
export function printable(text: string): string {
  return text.replace(UNSAFE, spelled)
}

/** The same for a part of a line, in which newlines and tabs are spelled, too. */
export function oneLine(text: string): string {
  return printable(text).replaceAll('\n', '\\n').replaceAll('\t', '\\t')
}

/** The start of a part of a line, with how much is left out. */
export function clipped(text: string, most: number): string {
  if (text.length <= most) return text
  // no half of a character may be left
  const end = /[\ud800-\udbff]/.test(text.charAt(most - 1)) ? most - 1 : most
  return `${text.slice(0, end)}… (${text.length - end} more characters)`
}

/** Halves of characters, which stand alone. */
const LONE = /\p{Cs}/u

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Bytes as a string: UTF-8, in which every byte that is part of no character becomes a lone surrogate. */
export function decodeBytes(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes)
  } catch {
    return decodePiecewise(bytes)
  }
}

function decodePiecewise(bytes: Uint8Array): string {
  let text = ''
  let from = 0
  let at = 0
  const take = (end: number) => {
    text += strict.decode(bytes.subarray(from, end))
  }
  while (at < bytes.length) {
    const length = characterLength(bytes, at)
    if (length > 0) {
      at += length
      continue
    }
    take(at)
    text += String.fromCharCode(RAW_BYTES + bytes[at]!)
    from = ++at
  }
  take(at)
  return text
}

/** Bytes of the UTF-8 character (RFC 3629) that begins here; 0 where none does. */
export function characterLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at]!
  if (first < 0x80) return 1
  if (first < 0xc2 || first > 0xf4) return 0
  const length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4
  // no surrogates, nothing that is longer than it need be, nothing beyond U+10FFFF
  const least = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80
  const most = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf
  const second = bytes[at + 1] ?? 0
  if (second < least || second > most) return 0
  for (let i = 2; i < length; i++) if (((bytes[at + i] ?? 0) & 0xc0) !== 0x80) return 0
  return length
}

/** How many bytes at the end are the beginning of a character of which the rest is missing. */
export function unfinished(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const first = bytes[bytes.length - back]!
    if (first < 0x80) return 0
    if (first < 0xc0) continue
    const length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4
    return first >= 0xc2 && first <= 0xf4 && length > back ? back : 0
  }
  return 0
}

/** The bytes of which `decodeBytes` has made a string. */
export function encodeBytes(text: string): Buffer {
  if (!LONE.test(text)) return Buffer.from(text)
  const parts = text.split(/([\udc80-\udcff])/u)
  return Buffer.concat(
    parts.map((part, i) => (i % 2 === 0 ? Buffer.from(part) : Buffer.from([part.charCodeAt(0) - RAW_BYTES]))),
  )
}

/** A path for node:fs: bytes where the string is no UTF-8. */
export function pathOf(text: string): string | Buffer {
  return LONE.test(text) ? encodeBytes(text) : text
}

/** A JSON document: what a terminal would obey is escaped, which means the same to programs. */
export function jsonText(value: unknown, indent?: number): string {
  return JSON.stringify(value, undefined, indent).replace(
    UNSAFE,
    (character) =>
      // what JSON.stringify leaves are single units; of control characters it leaves newlines between the parts only
      `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
