/** Lines of a stream, as its pieces come. */

export class Lines {
  readonly #longest: number
  #pieces: Buffer[] = []
  #size = 0

  /** `longest`: bytes that a line may have. */
  constructor(longest: number) {
    this.#longest = longest
  }

  /**
   * The lines that a piece completes, without their ends.
   * @throws RangeError if one is too long; there is no use in going on then
   */
  push(piece: Buffer): string[] {
    const lines: string[] = []
    let from = 0
    for (let end = piece.indexOf(10); end >= 0; end = piece.indexOf(10, from)) {
      this.#keep(piece.subarray(from, end))
      lines.push(Buffer.concat(this.#pieces).toString())
      this.#pieces = []
      this.#size = 0
      from = end + 1
    }
    this.#keep(piece.subarray(from))
    return lines
  }

  /** Whether a line has begun to come that isn't complete. */
  get hasBegun(): boolean {
    return this.#size > 0
  }

  #keep(part: Buffer): void {
    this.#size += part.length
    if (this.#size > this.#longest) throw new RangeError(`a line has more than ${this.#longest} bytes`)
    if (part.length > 0) this.#pieces.push(part)
  }
}
