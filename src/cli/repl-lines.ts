/** Lines of an interactive session that no terminal gives: the bytes as they come, none of them changed. */

import { decodeBytes } from '../host/printable.ts'
import { CommandError } from './command-error.ts'
import { formatSize } from './size.ts'

/** Bytes of a line. */
const LONGEST = 16 << 20

/**
 * Lines without their newlines, as `decodeBytes` makes them strings.
 * @throws CommandError `M004` for a line without end
 */
export async function* linesOf(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, undefined> {
  let begun: Uint8Array[] = []
  let size = 0
  const keep = (part: Uint8Array) => {
    begun.push(part)
    size += part.length
    if (size > LONGEST)
      throw new CommandError(
        'M004',
        `Cannot read standard input: a line has more than ${formatSize(LONGEST)}`,
        'run it as a script: moonring run -',
      )
  }
  for await (const piece of pieces) {
    let from = 0
    for (let end = piece.indexOf(10); end >= 0; end = piece.indexOf(10, from)) {
      keep(piece.subarray(from, end))
      yield decodeBytes(Buffer.concat(begun))
      begun = []
      size = 0
      from = end + 1
    }
    if (from < piece.length) keep(piece.subarray(from))
  }
  if (size > 0) yield decodeBytes(Buffer.concat(begun))
}
