/** Scripts as files: the first step of `run`, `check` and `filter`. */

import { closeSync, fstatSync, openSync, readFileSync, readSync, statSync } from 'node:fs'
import { getSystemErrorMap } from 'node:util'
import { CommandError } from './command-error.ts'
import { pause } from './output.ts'
import { formatSize } from './size.ts'

/** The text of a script and how messages name it. */
export interface Script {
  /** Its path as given; `stdin` for standard input. */
  readonly name: string
  readonly text: Uint8Array
}

const PIECE = 1 << 16

/** No script is longer: compiling it would take a minute and gigabytes. */
export const LONGEST = 64 << 20

/**
 * Reads a script; `-` is standard input. A byte order mark at its start is left out, as lua(1) does.
 * @param longest how many bytes there may be
 * @param tooLong the error when there are more; the size is what is known of it
 * @throws CommandError when the file can't be read (M001), is a directory (M002) or no text (M003)
 */
export function readScript(
  path: string,
  longest = LONGEST,
  tooLong: (name: string, size: number) => CommandError = longerThanAny,
): Script {
  const name = path === '-' ? 'stdin' : path
  const bytes = readFile(path, name, longest, tooLong)
  if (bytes.length > longest) throw tooLong(name, bytes.length)
  if (bytes[0] === 0x1b) {
    throw new CommandError(
      'M003',
      `Cannot load ${name}: it holds compiled code`,
      'Moonring takes the text of a script only',
    )
  }
  const mark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
  return { name, text: mark ? bytes.subarray(3) : bytes }
}

/**
 * Reads a module for a script's `require`, or a file for its `loadfile`.
 * @throws Error that says why it can't be read, in the system's words
 */
export function readModule(path: string): Uint8Array {
  try {
    const { size } = statSync(path)
    if (size > LONGEST) throw new Error(`it has ${formatSize(size)}`)
    return readFileSync(path)
  } catch (error) {
    throw new Error(capitalised(reasonOf(error)))
  }
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function longerThanAny(name: string, size: number): CommandError {
  return new CommandError(
    'M004',
    `Cannot load ${name}: it has ${formatSize(size)}, and a script may have ${formatSize(LONGEST)}`,
    'split it into several scripts',
  )
}

function readFile(
  path: string,
  name: string,
  longest: number,
  tooLong: (name: string, size: number) => CommandError,
): Buffer {
  let descriptor: number | undefined
  try {
    descriptor = path === '-' ? 0 : openSync(path, 'r')
    const status = fstatSync(descriptor)
    if (status.isDirectory())
      throw new CommandError('M002', `Cannot read ${name}: it is a directory`, 'name one script in it')
    if (status.size > longest) throw tooLong(name, status.size)
    return readToEnd(descriptor, longest)
  } catch (error) {
    if (error instanceof CommandError) throw error
    throw new CommandError(
      'M001',
      `Cannot read ${name}: ${reasonOf(error)}`,
      'check the path and its permissions',
    )
  } finally {
    if (descriptor !== undefined && path !== '-') closeSync(descriptor)
  }
}

/** Reads in pieces, since pipes and devices have no size; stops soon after the limit. */
function readToEnd(descriptor: number, longest: number): Buffer {
  const pieces: Buffer[] = []
  let size = 0
  while (size <= longest) {
    const piece = Buffer.allocUnsafe(PIECE)
    const count = readPiece(descriptor, piece)
    if (count === 0) break
    pieces.push(piece.subarray(0, count))
    size += count
  }
  return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces, size)
}

function readPiece(descriptor: number, piece: Buffer): number {
  for (;;) {
    try {
      return readSync(descriptor, piece)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'EOF') return 0
      if (code !== 'EAGAIN') throw error
      pause()
    }
  }
}

/** What the system says about a failed call, in its words. */
export function reasonOf(error: unknown): string {
  const number = (error as NodeJS.ErrnoException).errno
  const known = number === undefined ? undefined : getSystemErrorMap().get(number)
  return known?.[1] ?? (error instanceof Error ? error.message : String(error))
}

/**
 * A remark for diagnostics of a script that isn't UTF-8: where its first wrong byte is. Undefined for UTF-8.
 * Such bytes are fine in strings and comments, so this is no error in itself.
 */
export function encodingNote({ name, text }: Script): string | undefined {
  if ((text[0] === 0xff && text[1] === 0xfe) || (text[0] === 0xfe && text[1] === 0xff))
    return `${name} is in UTF-16: save it as UTF-8`
  const at = firstInvalid(text)
  if (at === undefined) return undefined
  let line = 1
  for (let i = 0; i < at; i++) if (text[i] === 10) line++
  return `${name} is not UTF-8, first at line ${line} (byte ${at}): outside strings and comments only ASCII may stand`
}

/** Offset of the first byte that is no part of a UTF-8 character. */
function firstInvalid(text: Uint8Array): number | undefined {
  let at = 0
  while (at < text.length) {
    const length = characterLength(text[at]!)
    if (length === 0) return at
    for (let i = 1; i < length; i++) if (((text[at + i] ?? 0) & 0xc0) !== 0x80) return at
    at += length
  }
  return undefined
}

/** Bytes of the UTF-8 character that starts with this byte; 0 if none does. */
function characterLength(first: number): number {
  if (first < 0x80) return 1
  if (first < 0xc2 || first > 0xf4) return 0
  return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4
}
