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
  /** Jumps that waited when it began, and how many had waited until then. */
  readonly pending: number
  readonly waited: number
  readonly variables: number
  readonly loop: boolean
}

interface PendingJump {
  readonly jump: GotoStatement | BreakStatement
  /** Its number among the jumps of the function that had to wait. */
  readonly number: number
  /** Variables in scope both at the jump and in the blocks that it has left so far. */
  variables: number
  /** Its label has been found. */
  done: boolean
}

export class Labels {
  private readonly blocks: OpenBlock[] = []
  private readonly visible = new Map<string, LabelStatement>()
  /** Jumps that wait, and some that are done, in the order of the text. */
  private readonly pending: PendingJump[] = []
  /** Gotos that wait, by their label, in the order of the text. */
  private readonly waiting = new Map<string, PendingJump[]>()
  private waited = 0
  private loops = 0

  /** Enters a block with `variables` variables in scope. */
  enter(variables: number, loop: boolean): void {
    const { pending, waited } = this
    this.blocks.push({ labels: [], pending: pending.length, waited, variables, loop })
    if (loop) this.loops++
  }

  /** Leaves a block; the faults are those of the jumps that leave the function with it. */
  leave(): LabelFault[] {
    const block = this.blocks.pop()!
    for (const name of block.labels) this.visible.delete(name)
    if (block.loop) this.loops--
    const { pending } = this
    let kept = block.pending
    for (let i = block.pending; i < pending.length; i++) {
      const jump = pending[i]!
      if (jump.done) continue
      jump.variables = Math.min(jump.variables, block.variables)
      pending[kept++] = jump
    }
    pending.length = kept
    return this.blocks.length === 0 ? pending.map(({ jump }) => unresolved(jump)) : []
  }

  /** A label, where the variables `active` are in scope. */
  define(label: LabelStatement, active: readonly LocalVariable[]): LabelFault[] {
    const earlier = this.visible.get(label.name)
    if (earlier !== undefined) return [{ kind: 'twice', label, earlier }]
    const block = this.blocks.at(-1)!
    this.visible.set(label.name, label)
    block.labels.push(label.name)
    return this.solve(label, label.last ? block.variables : active.length, block.waited, active)
  }

  /** Lets the gotos that have waited since jump number `first` go to the label. */
  private solve(
    label: LabelStatement,
    variables: number,
    first: number,
    active: readonly LocalVariable[],
  ): LabelFault[] {
    const faults: LabelFault[] = []
    const waiting = this.waiting.get(label.name) ?? []
    while (waiting.length > 0 && waiting.at(-1)!.number >= first) {
      const pending = waiting.pop()!
      pending.done = true
      const jump = pending.jump as GotoStatement
      if (pending.variables >= variables) jump.target = label
      else faults.push({ kind: 'intoScope', jump, label, local: active[pending.variables]! })
    }
    return faults.reverse()
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
    const pending = { jump, number: this.waited++, variables, done: false }
    this.pending.push(pending)
    if (jump.kind !== 'Goto') return
    const waiting = this.waiting.get(jump.label)
    if (waiting === undefined) this.waiting.set(jump.label, [pending])
    else waiting.push(pending)
  }
}

function unresolved(jump: GotoStatement | BreakStatement): LabelFault {
  return jump.kind === 'Goto' ? { kind: 'noLabel', jump } : { kind: 'noLoop', jump }
}
