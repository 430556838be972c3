/** Numbers of packet headers: network order, which is big-endian, at any offset. */

export function uint16(bytes: Uint8Array, offset: number): number {
  return (bytes[offset]! << 8) | bytes[offset + 1]!
}
