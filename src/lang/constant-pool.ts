/** The constants of a chunk, shared by its functions, each once and in order of first use. */

export type PoolConstant = bigint | string

export class ConstantPool {
  readonly values: PoolConstant[] = []
  private readonly strings = new Map<string, number>()
  /** By their digits: hashes of strings have a secret seed, those of integers don't, so that scripts could make them equal. */
  private readonly integers = new Map<string, number>()

  /** The index of an integer, or of a string with one char per byte. */
  index(value: PoolConstant): number {
    const isString = typeof value === 'string'
    const key = isString ? value : String(value)
    const indices = isString ? this.strings : this.integers
    const known = indices.get(key)
    if (known !== undefined) return known
    const index = this.values.push(value) - 1
    indices.set(key, index)
    return index
  }
}
