/** Colours: on a terminal only, and not against NO_COLOR (https://no-color.org) or a dumb terminal. */

import { isatty } from 'node:tty'

export interface Paint {
  readonly on: boolean
  red(text: string): string
  bold(text: string): string
  dim(text: string): string
}

/** Where each style begins and ends. */
const STYLES = { red: [31, 39], bold: [1, 22], dim: [2, 22] } as const

/** The sequences that paint writes, and no others, as a group. */
const STYLE = new RegExp(`(\\x1b\\[(?:${[...new Set(Object.values(STYLES).flat())].join('|')})m)`)

/** Changes all of a text but its styles. */
export function aroundStyles(text: string, change: (part: string) => string): string {
  if (!text.includes('\x1b')) return change(text)
  return text
    .split(STYLE)
    .map((part, i) => (i % 2 === 0 ? change(part) : part))
    .join('')
}

/** Colours for what is written to a descriptor. */
export function paintFor(descriptor: number): Paint {
  const { NO_COLOR, TERM } = process.env
  return paintIf(isatty(descriptor) && (NO_COLOR ?? '') === '' && TERM !== 'dumb')
}

export function paintIf(on: boolean): Paint {
  const with_ =
    ([start, end]: readonly [number, number]) =>
    (text: string) =>
      on && text !== '' ? `\x1b[${start}m${text}\x1b[${end}m` : text
  return { on, red: with_(STYLES.red), bold: with_(STYLES.bold), dim: with_(STYLES.dim) }
}
