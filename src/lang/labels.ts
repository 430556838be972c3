/**
 * Labels, gotos and breaks of one function: which label a goto means, by the reference's rules (§3.3.4 of
 * the manual): a label is visible in its block, and no goto jumps into the scope of a local.
 */

import type { BreakStatement, GotoStatement, LabelStatement, LocalVariable } from './ast.ts'

/** What is wrong with a goto, a break or a label. */
export type LabelFault =
  | { readonly kind: 'twice'; readonly label: LabelStatement; readonly earlier: LabelStatement }
  | {
      readonly kind: 'intoScope'
      readonly jump: GotoStatement
      readonly label: LabelStatement
      readonly local: LocalVariable
    }
  | { readonly kind: 'noLabel'; readonly jump: GotoStatement }
  | { readonly kind: 'noLoop'; readonly jump: BreakStatement }

interface OpenBlock {
  /** Labels of the block, which are visible until it ends. */
  readonly labels: string[]
  readonly pending: number
  readonly variables: number
  readonly loop: boolean
}

interface PendingJump {
  readonly jump: GotoStatement | BreakStatement
  /** Variables in scope both at the jump and in the blocks that it has left so far. */
  variables: number
}

export class Labels {
  private readonly blocks: OpenBlock[] = []
  private readonly visible = new Map<string, LabelStatement>()
  private pending: PendingJump[] = []
  private loops = 0

  /** Enters a block with `variables` variables in scope. */
  enter(variables: number, loop: boolean): void {
    this.blocks.push({ labels: [], pending: this.pending.length, variables, loop })
    if (loop) this.loops++
  }

  /** Leaves a block; the faults are those of the jumps that leave the function with it. */
  leave(): LabelFault[] {
    const block = this.blocks.pop()!
    for (const name of block.labels) this.visible.delete(name)
    if (block.loop) this.loops--
    if (this.blocks.length === 0) return this.pending.map(({ jump }) => unresolved(jump))
    for (let i = block.pending; i < this.pending.length; i++) {
      const jump = this.pending[i]!
      jump.variables = Math.min(jump.variables, block.variables)
    }
    return []
  }

  /** A label, where the variables `active` are in scope. */
  define(label: LabelStatement, active: readonly LocalVariable[]): LabelFault[] {
    const earlier = this.visible.get(label.name)
    if (earlier !== undefined) return [{ kind: 'twice', label, earlier }]
    const block = this.blocks.at(-1)!
    this.visible.set(label.name, label)
    block.labels.push(label.name)
    if (this.pending.length === block.pending) return []
    return this.solve(label, label.last ? block.variables : active.length, block.pending, active)
  }

  private solve(
    label: LabelStatement,
    variables: number,
    first: number,
    active: readonly LocalVariable[],
  ): LabelFault[] {
    const faults: LabelFault[] = []
    const rest = this.pending.slice(0, first)
    for (const pending of this.pending.slice(first)) {
      const { jump } = pending
      if (jump.kind !== 'Goto' || jump.label !== label.name) rest.push(pending)
      else if (pending.variables >= variables) jump.target = label
      else faults.push({ kind: 'intoScope', jump, label, local: active[pending.variables]! })
    }
    this.pending = rest
    return faults
  }

  /** A goto or break, where `variables` variables are in scope. */
  jump(jump: GotoStatement | BreakStatement, variables: number): void {
    if (jump.kind === 'Goto') {
      const label = this.visible.get(jump.label)
      if (label !== undefined) {
        jump.target = label
        return
      }
    } else if (this.loops > 0) return
    this.pending.push({ jump, variables })
  }
}

function unresolved(jump: GotoStatement | BreakStatement): LabelFault {
  return jump.kind === 'Goto' ? { kind: 'noLabel', jump } : { kind: 'noLoop', jump }
}
