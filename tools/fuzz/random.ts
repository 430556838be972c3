/** Pseudo-random choices from a seed (xorshift32): the same seed makes the same program. */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = ((seed + 1) * 0x9e3779b1) | 0 || 1
    for (let i = 0; i < 8; i++) this.below(2)
  }

  /** An integer from 0 to `bound` - 1. */
  below(bound: number): number {
    let s = this.#state
    s ^= s << 13
    s ^= s >>> 17
    s ^= s << 5
    this.#state = s
    return (s >>> 0) % bound
  }

  /** True in `percent` of a hundred cases. */
  chance(percent: number): boolean {
    return this.below(100) < percent
  }

  one<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)] as T
  }

  /** One of the functions, called. */
  call<T>(choices: readonly (() => T)[]): T {
    return this.one(choices)()
  }

  /** Between `least` and `most` results of `make`. */
  some<T>(least: number, most: number, make: () => T): T[] {
    return Array.from({ length: least + this.below(most - least + 1) }, make)
  }
}
