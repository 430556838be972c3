/** Labels, goto and break. */

import type { BreakStatement, GotoStatement, LabelStatement } from './ast.ts'
import type { FunctionState, LabelState } from './function-state.ts'

export type JumpStatement = BreakStatement | GotoStatement

/** Where a goto or break goes: what it leaves has to be closed from `close` on. */
interface Destination {
  readonly close: number | undefined
  /** Makes jumps go there. */
  readonly take: (jumps: readonly number[]) => void
}

/** Lets jumps wait with others; there may be more of them than a call can have arguments. */
const waitIn = (pending: number[]) => (jumps: readonly number[]) => {
  for (const at of jumps) pending.push(at)
}

/** goto or break */
export function jumpStatement(f: FunctionState, node: JumpStatement): void {
  const { close, take } = destinationOf(f, node)
  if (close !== undefined) f.code.abc('CLOSE', close, 0, 0, node.line)
  take([f.code.jump('JMP', 0, 0, node.line)])
}

/** What conditional jumps can do in place of the statement, if nothing is to be closed. */
export function directJump(f: FunctionState, node: JumpStatement): Destination['take'] | undefined {
  const { close, take } = destinationOf(f, node)
  return close === undefined ? take : undefined
}

function destinationOf(f: FunctionState, node: JumpStatement): Destination {
  return node.kind === 'Break' ? endOfLoop(f) : labelled(f, node)
}

function endOfLoop(f: FunctionState): Destination {
  const loop = f.scopes.findLast(({ breaks }) => breaks !== undefined)!
  return {
    close: loop.closesAfter ? undefined : f.closeFrom(loop.outside),
    take: waitIn(loop.breaks!),
  }
}

function labelled(f: FunctionState, node: GotoStatement): Destination {
  const depth = f.scopes.findLastIndex(({ labels }) => labels.has(node.target!))
  const label = f.scopes[depth]!.labels.get(node.target!)!
  const { word } = label
  if (word !== undefined) {
    return { close: f.closeFrom(label.active), take: (jumps) => f.code.patch(jumps, word) }
  }
  const left = f.scopes[depth + 1]?.outside ?? f.activeCount
  return { close: f.closeFrom(left), take: waitIn(label.pending) }
}

/** ::name:: */
export function labelStatement(f: FunctionState, node: LabelStatement): void {
  const label: LabelState = f.scopes.at(-1)!.labels.get(node)!
  label.word = f.code.mark()
  label.active = f.activeCount
  f.code.patch(label.pending, label.word)
}
