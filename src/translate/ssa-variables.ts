/**
 * Variables while the intermediate code is made: the value of each at the end of each block, with phis where
 * blocks meet. Method: M. Braun et al., "Simple and Efficient Construction of Static Single Assignment Form",
 * CC 2013.
 */
import { type Block, type Func, type Node, newNode } from './ir.ts'
import type { WasmType } from './wasm-operators.ts'

export class Variables {
  readonly #f: Func
  readonly #types: WasmType[] = []
  readonly #values = new Map<Block, Map<number, Node>>()
  readonly #sealed = new Set<Block>()
  readonly #incomplete = new Map<Block, Map<number, Node>>()

  constructor(f: Func) {
    this.#f = f
  }

  /** A new variable; its number. */
  declare(type: WasmType): number {
    return this.#types.push(type) - 1
  }

  write(variable: number, block: Block, value: Node): void {
    let values = this.#values.get(block)
    if (!values) {
      values = new Map()
      this.#values.set(block, values)
    }
    values.set(variable, value)
  }

  read(variable: number, block: Block): Node {
    const known = this.#values.get(block)?.get(variable)
    if (known) return known
    let value: Node
    if (!this.#sealed.has(block)) {
      value = this.#phi(variable, block)
      let incomplete = this.#incomplete.get(block)
      if (!incomplete) {
        incomplete = new Map()
        this.#incomplete.set(block, incomplete)
      }
      incomplete.set(variable, value)
    } else if (block.preds.length === 1) value = this.read(variable, block.preds[0] as Block)
    else {
      value = this.#phi(variable, block)
      this.write(variable, block, value)
      this.#complete(variable, value)
    }
    this.write(variable, block, value)
    return value
  }

  /** All predecessors of the block are known. */
  seal(block: Block): void {
    this.#sealed.add(block)
    for (const [variable, phi] of this.#incomplete.get(block) ?? []) this.#complete(variable, phi)
    this.#incomplete.delete(block)
  }

  #phi(variable: number, block: Block): Node {
    const phi = newNode(this.#f, 'phi', this.#types[variable], [], block)
    block.phis.push(phi)
    return phi
  }

  #complete(variable: number, phi: Node): void {
    phi.args = phi.block.preds.map((pred) => this.read(variable, pred))
  }
}
