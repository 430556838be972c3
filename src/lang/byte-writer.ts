/** A growing buffer of little-endian numbers and bytes. */

export class ByteWriter {
  private bytes = new Uint8Array(4096)
  private view = new DataView(this.bytes.buffer)
  private end = 0

  get length(): number {
    return this.end
  }

  private room(count: number): number {
    const at = this.end
    this.end += count
    if (this.end > this.bytes.length) {
      const grown = new Uint8Array(Math.max(this.end, this.bytes.length * 2))
      grown.set(this.bytes)
      this.bytes = grown
      this.view = new DataView(grown.buffer)
    }
    return at
  }

  u8(value: number): void {
    const at = this.room(1)
    this.bytes[at] = value
  }

  u16(value: number): void {
    const at = this.room(2)
    this.view.setUint16(at, value, true)
  }

  u32(value: number): void {
    const at = this.room(4)
    this.view.setUint32(at, value >>> 0, true)
  }

  i64(value: bigint): void {
    const at = this.room(8)
    this.view.setBigInt64(at, value, true)
  }

  /** A string with one char per byte. */
  byteString(value: string): void {
    const at = this.room(value.length)
    for (let i = 0; i < value.length; i++) this.bytes[at + i] = value.charCodeAt(i)
  }

  /** Zeros up to a multiple of `size` bytes from offset `from`. */
  pad(size: number, from: number): void {
    while ((this.end - from) % size !== 0) this.u8(0)
  }

  /** Overwrites a number that was written before. */
  setU32(at: number, value: number): void {
    this.view.setUint32(at, value >>> 0, true)
  }

  finish(): Uint8Array {
    return this.bytes.slice(0, this.end)
  }
}
