/** br_table: a tree of comparisons over runs of numbers with the same target. */
import type { Block } from './ir.ts'
import type { MachineCode } from './machine-code.ts'

interface Run {
  /** Last number of the run. */
  readonly last: number
  readonly target: Block
}

/** Runs of equal targets, in order; the last one is the default's, without end. */
function runsOf(targets: readonly Block[]): Run[] {
  const runs: Run[] = []
  targets.forEach((target, last) => {
    if (runs.at(-1)?.target === target) runs.pop()
    runs.push({ last, target })
  })
  return runs
}

/** Branches to one of the targets by the number in `register`; the last target is for all numbers beyond. */
export function emitSwitch(
  code: MachineCode,
  register: number,
  targets: readonly Block[],
  next: Block | undefined,
): void {
  const runs = runsOf(targets)
  const tree = (from: number, to: number): void => {
    const { last, target } = runs[from] as Run
    if (from === to) {
      if (target !== next || to !== runs.length - 1) code.jump(target)
      return
    }
    const middle = (from + to - 1) >> 1
    const pivot = from + 1 === to ? last : (runs[middle] as Run).last
    if (middle + 1 === to) {
      code.branchImm(32, 'gt', register, pivot, (runs[to] as Run).target)
      tree(from, middle)
      return
    }
    const right = {}
    code.branchImm(32, 'gt', register, pivot, right)
    tree(from, middle)
    code.mark(right)
    tree(middle + 1, to)
  }
  tree(0, runs.length - 1)
}
