/** Numerals: from the characters of one to its 64-bit integer, or to why it has none. */

export type Numeral =
  | { readonly kind: 'integer'; readonly value: bigint }
  /** A float of standard Lua; `value` is its integer, where it is one. */
  | { readonly kind: 'float'; readonly value?: bigint }
  /** Decimal digits beyond 64 bits, which standard Lua reads as a float. */
  | { readonly kind: 'large' }
  | { readonly kind: 'malformed' }

const MAX = 0x7fffffffffffffffn
const DECIMAL = /^\d+$/
const HEX = /^0[xX][\da-fA-F]+$/
const DECIMAL_FLOAT = /^(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/
const HEX_FLOAT = /^0[xX]([\da-fA-F]*)(?:\.([\da-fA-F]*))?(?:[pP]([+-]?\d+))?$/

/** The meaning of a numeral (§3.1 of the manual); hexadecimal integers wrap modulo 2^64. */
export function readNumeral(text: string): Numeral {
  if (DECIMAL.test(text)) {
    if (text.length <= 15) return { kind: 'integer', value: BigInt(Number(text)) }
    const value = BigInt(text)
    return value > MAX ? { kind: 'large' } : { kind: 'integer', value }
  }
  if (HEX.test(text))
    return { kind: 'integer', value: BigInt.asIntN(64, BigInt(`0x${text.slice(2).slice(-16)}`)) }
  const hex = HEX_FLOAT.exec(text)
  if (hex) return floatOf(hex, 16, 2, 4)
  const decimal = DECIMAL_FLOAT.exec(text)
  return decimal ? floatOf(decimal, 10, 10, 1) : { kind: 'malformed' }
}

/** `perDigit` is how many powers of `exponentBase` a digit is worth. */
function floatOf(parts: RegExpExecArray, base: 10 | 16, exponentBase: number, perDigit: number): Numeral {
  const whole = parts[1] ?? ''
  const fraction = (parts[2] ?? '').replace(/0+$/, '')
  if (whole.length + (parts[2] ?? '').length === 0) return { kind: 'malformed' }
  const digits = (whole + fraction).replace(/^0+/, '')
  if (digits === '') return { kind: 'float', value: 0n }
  const exponent = Number(parts[3] ?? '0') - fraction.length * perDigit
  if (digits.length > 400 || Math.abs(exponent) > 1600) return { kind: 'float' }
  const mantissa = BigInt(base === 16 ? `0x${digits}` : digits)
  const scale = BigInt(exponentBase) ** BigInt(Math.abs(exponent))
  if (exponent < 0 && mantissa % scale !== 0n) return { kind: 'float' }
  const value = exponent < 0 ? mantissa / scale : mantissa * scale
  return value > MAX ? { kind: 'float' } : { kind: 'float', value }
}
