/** Scripts as files: the first step of `run`, `check` and `filter`. */

import { characterLength } from '../host/printable.ts'
import { ReadError, readBounded } from '../host/read-file.ts'
import { CommandError, type CommandErrorCode } from './command-error.ts'
import { formatSize } from './size.ts'

/** The text of a script and how messages name it. */
export interface Script {
  /** Its path as given; `stdin` for standard input. */
  readonly name: string
  readonly text: Uint8Array
}

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
    return readBounded(path, { most: LONGEST })
  } catch (error) {
    if (!(error instanceof ReadError)) throw error
    const reason = error.kind === 'large' ? `it has more than ${formatSize(LONGEST)}` : error.message
    throw new Error(capitalised(reason))
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

/** Codes of what can't be read, by why. */
const CODES: Readonly<Record<ReadError['kind'], CommandErrorCode>> = {
  directory: 'M002',
  large: 'M004',
  endless: 'M001',
  system: 'M001',
}

function readFile(
  path: string,
  name: string,
  longest: number,
  tooLong: (name: string, size: number) => CommandError,
): Buffer {
  try {
    return readBounded(path, { most: longest })
  } catch (error) {
    if (!(error instanceof ReadError)) throw error
    if (error.kind === 'large') throw tooLong(name, error.size)
    const hint = error.kind === 'directory' ? 'name one script in it' : error.hint
    throw new CommandError(CODES[error.kind], `Cannot read ${name}: ${error.message}`, hint)
  }
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
  for (let at = 0; at < text.length; ) {
    const length = characterLength(text, at)
    if (length === 0) return at
    at += length
  }
  return undefined
}
