/** Numbers and foreign text as the report of `filter` shows them. */

const GROUPED = new Intl.NumberFormat('en-US')

/** `1,234`; with a noun `1 packet`, `1,234 packets`. */
export function countText(count: number, noun?: string): string {
  const digits = GROUPED.format(count)
  return noun === undefined ? digits : `${digits} ${noun}${count === 1 ? '' : 's'}`
}

const UNITS = ['kB', 'MB', 'GB', 'TB']

/** `96 B`, `10.6 kB`, `1.0 MB`: powers of 1000, one decimal. */
export function bytesText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  let value = bytes / 1000
  let unit = 0
  // 999.95 would be shown as 1000.0.
  while (value >= 999.95 && unit < UNITS.length - 1) {
    value /= 1000
    unit++
  }
  return `${value.toFixed(1)} ${UNITS[unit]}`
}
