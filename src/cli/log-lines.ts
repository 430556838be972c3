/** Messages of several lines, of which only the first may look like a message: nobody can forge another one in it. */

import { printable } from '../host/printable.ts'

/** The message, with a mark before all its lines but the first; without a newline at its end. */
export function continued(text: string, mark: string): string {
  return printable(text).replace(/\n+$/, '').replaceAll('\n', `\n${mark}`)
}
