/** A set of the registers of a frame, as bits. */

/** Registers have numbers of 8 bits. */
const REGISTERS = 256
const WORDS = REGISTERS / 32

export class RegisterSet {
  private readonly bits = new Int32Array(WORDS)

  has(register: number): boolean {
    return (this.bits[register >> 5]! & (1 << (register & 31))) !== 0
  }

  clear(): void {
    this.bits.fill(0)
  }

  add(register: number): void {
    this.bits[register >> 5]! |= 1 << (register & 31)
  }

  delete(register: number): void {
    this.bits[register >> 5]! &= ~(1 << (register & 31))
  }

  /** Adds the registers from `first` up to, not including, `end`. */
  addRange(first: number, end: number): void {
    for (let register = first; register < end; ) {
      if ((register & 31) === 0 && register + 32 <= end) {
        this.bits[register >> 5] = -1
        register += 32
      } else this.add(register++)
    }
  }

  deleteRange(first: number, end: number): void {
    for (let register = first; register < end; ) {
      if ((register & 31) === 0 && register + 32 <= end) {
        this.bits[register >> 5] = 0
        register += 32
      } else this.delete(register++)
    }
  }

  /** From `first` on: all that there may be. */
  addFrom(first: number): void {
    this.addRange(first, REGISTERS)
  }

  deleteFrom(first: number): void {
    this.deleteRange(first, REGISTERS)
  }

  addAll(other: RegisterSet): void {
    for (let i = 0; i < WORDS; i++) this.bits[i]! |= other.bits[i]!
  }

  copy(): RegisterSet {
    const copy = new RegisterSet()
    copy.bits.set(this.bits)
    return copy
  }

  /** One more than the last register of the set; 0 of an empty one. */
  get end(): number {
    for (let i = WORDS - 1; i >= 0; i--) {
      const word = this.bits[i]!
      if (word !== 0) return i * 32 + 32 - Math.clz32(word)
    }
    return 0
  }
}
