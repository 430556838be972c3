/** Bytes in JSON: text where they are UTF-8, so that people can read it, else base64. */

export type WireBytes = string | { readonly base64: string }

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export function toWire(bytes: Uint8Array | string): WireBytes {
  if (typeof bytes === 'string') return bytes
  try {
    return utf8.decode(bytes)
  } catch {
    return { base64: Buffer.from(bytes).toString('base64') }
  }
}

export function fromWire(bytes: WireBytes): Uint8Array {
  return typeof bytes === 'string' ? Buffer.from(bytes) : Buffer.from(bytes.base64, 'base64')
}
