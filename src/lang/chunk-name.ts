/**
 * Names of chunks as messages show them. A chunk name is `@file`, `=name`, or the source text itself,
 * as in lua_load(3); every stage that reports a position goes through here.
 */

/** Longest displayed name, as LUA_IDSIZE of the reference: 60 bytes with the final zero. */
const SPACE = 60
const DOTS = '...'

/** A JavaScript string as the byte string (one char per byte) of its UTF-8 form. */
export function toByteString(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1')
}

/** The text of a byte string (one char per byte); bytes that are not UTF-8 become U+FFFD. */
export function fromByteString(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('utf8')
}

/**
 * What the reference's luaO_chunkid makes of a chunk name: `=name` and `@file` lose their prefix (long
 * ones are cut: names at the end, files at the front), anything else becomes `[string "first line..."]`.
 */
export function chunkId(name: string): string {
  return fromByteString(chunkIdBytes(name))
}

/** The same as a byte string: a name may be cut within a character. */
export function chunkIdBytes(name: string): string {
  return idOfBytes(toByteString(name))
}

function idOfBytes(name: string): string {
  if (name.startsWith('=')) return name.slice(1, SPACE)
  if (name.startsWith('@')) {
    if (name.length <= SPACE) return name.slice(1)
    return DOTS + name.slice(name.length - (SPACE - DOTS.length - 1))
  }
  const room = SPACE - '[string "..."]'.length - 1
  const newline = name.indexOf('\n')
  if (newline < 0 && name.length < room) return `[string "${name}"]`
  const line = newline < 0 ? name : name.slice(0, newline)
  return `[string "${line.slice(0, room)}${DOTS}"]`
}

/** The name for diagnostics: the whole file name, where there is one; otherwise as `chunkId`. */
export function fileOf(name: string): string {
  return name.startsWith('@') ? name.slice(1) : chunkId(name)
}
