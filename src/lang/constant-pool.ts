/** The constants of a chunk, shared by its functions, each once and in order of first use. */

export type PoolConstant = bigint | string

export class ConstantPool {
  readonly values: PoolConstant[] = []
  private readonly indices = new Map<PoolConstant, number>()

  /** The index of an integer, or of a string with one char per byte. */
  index(value: PoolConstant): number {
    const known = this.indices.get(value)
    if (known !== undefined) return known
    const index = this.values.push(value) - 1
    this.indices.set(value, index)
    return index
  }
}
