/** Colours: on a terminal only, and not against NO_COLOR (https://no-color.org) or a dumb terminal. */

import { isatty } from 'node:tty'

export interface Paint {
  readonly on: boolean
  red(text: string): string
  bold(text: string): string
  dim(text: string): string
}

/** Colours for what is written to a descriptor. */
export function paintFor(descriptor: number): Paint {
  const { NO_COLOR, TERM } = process.env
  return paintIf(isatty(descriptor) && (NO_COLOR ?? '') === '' && TERM !== 'dumb')
}

export function paintIf(on: boolean): Paint {
  const with_ = (start: number, end: number) => (text: string) =>
    on && text !== '' ? `\x1b[${start}m${text}\x1b[${end}m` : text
  return { on, red: with_(31, 39), bold: with_(1, 22), dim: with_(2, 22) }
}
