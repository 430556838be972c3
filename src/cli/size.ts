/** Numbers as options write them: sizes of memory, times and counts. Pure: complaints are texts for the caller. */

const UNITS: Readonly<Record<string, number>> = { '': 1, k: 1 << 10, m: 1 << 20, g: 1 << 30 }

/** Bytes of `64K`, `1M`, `1MiB`, `65536`; undefined if the text is no size. Units are powers of 1024. */
export function parseSize(text: string): number | undefined {
  const [, digits, unit] = /^(\d{1,15})([kmg]?)(?:i?b)?$/i.exec(text) ?? []
  return digits === undefined ? undefined : Number(digits) * UNITS[unit!.toLowerCase()]!
}

/** `64 KiB`, `1 MiB`, `1.5 MiB`, `1000 bytes`. */
export function formatSize(bytes: number): string {
  if (bytes < 1 << 10) return `${bytes} bytes`
  const [unit, name] = bytes < 1 << 20 ? [1 << 10, 'KiB'] : [1 << 20, 'MiB']
  return `${String(Number((bytes / unit).toFixed(1)))} ${name}`
}

/** The least size of at least so many bytes that is a power of 2, from 1K on, as an option writes it. */
export function optionSize(bytes: number): string {
  const size = 2 ** Math.max(10, Math.ceil(Math.log2(bytes)))
  return size % (1 << 20) === 0 ? `${size / (1 << 20)}M` : `${size / (1 << 10)}K`
}

/** The greatest count that an option takes. */
export const MOST = 999_999_999_999_999

/** A positive integer of at most 15 digits; `_` may group them. */
export function parseCount(text: string): number | undefined {
  const digits = text.replaceAll('_', '')
  return /^\d{1,15}$/.test(digits) && Number(digits) > 0 ? Number(digits) : undefined
}

const TIME_UNITS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
}

/** Milliseconds of `10ms`, `500us`, `1.5s`; undefined if the text is no time, or none at all. */
export function parseTime(text: string): number | undefined {
  const [, digits, unit] = /^(\d{1,9}(?:\.\d{1,6})?)(ns|us|µs|μs|ms|s)$/i.exec(text) ?? []
  const time = digits === undefined ? 0 : Number(digits) * (TIME_UNITS[unit!.toLowerCase()] as number)
  return time > 0 ? time : undefined
}
