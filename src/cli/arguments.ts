/**
 * The command's arguments. Node gives them as UTF-8, with U+FFFD in place of other bytes; the bytes themselves are in
 * /proc/self/cmdline, see proc_pid_cmdline(5). In the strings here they are lone surrogates (src/host/printable.ts), which
 * become bytes again in paths and in what scripts get.
 */

import { readFileSync } from 'node:fs'
import { decodeBytes, encodeBytes } from '../host/printable.ts'

/** Behind the program and its script, as the process was given them. */
export function commandArguments(argv: readonly string[], read = readCommandLine): readonly string[] {
  const args = argv.slice(2)
  if (!args.some((arg) => arg.includes('\ufffd'))) return args
  const given = read()?.slice(-args.length)
  // another process may have changed how it is called, or there is no /proc
  const isSame =
    given?.length === args.length &&
    given.every((bytes, i) => args[i]!.includes('\ufffd') || bytes.toString() === args[i])
  return isSame ? given.map(decodeBytes) : args
}

/** Each argument of this process, from its name on; undefined where the system doesn't tell. */
function readCommandLine(): Buffer[] | undefined {
  let line: Buffer
  try {
    line = readFileSync('/proc/self/cmdline')
  } catch {
    return undefined
  }
  const words: Buffer[] = []
  for (let from = 0; from < line.length; ) {
    const end = line.indexOf(0, from)
    words.push(line.subarray(from, end))
    from = end + 1
  }
  return words
}

/** An argument for a script: text, or bytes that are no UTF-8. */
export function scriptArgument(text: string): string | Uint8Array {
  const bytes = encodeBytes(text)
  return bytes.toString() === text ? text : bytes
}
