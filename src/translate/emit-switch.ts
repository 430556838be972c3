/**
 * br_table: a tree of comparisons over runs of numbers with the same target. What is taken often lies near the
 * root.
 */
import type { Label, MachineCode } from './machine-code.ts'

interface Run {
  /** Last number of the run. */
  readonly last: number
  readonly target: Label
  weight: number
}

/** What a case weighs of which the profile knows nothing. */
const LEAST_WEIGHT = 1e-4

/** Runs of equal targets, in order; the last one is the default's, without end. */
function runsOf(targets: readonly Label[], weights: readonly number[] | undefined): Run[] {
  const runs: Run[] = []
  const total = weights?.reduce((sum, weight) => sum + weight, 0) ?? 1
  targets.forEach((target, last) => {
    const weight = weights ? (weights[last] ?? 0) / total + LEAST_WEIGHT : 1
    const before = runs.at(-1)
    if (before?.target === target) runs.pop()
    runs.push({ last, target, weight: weight + (before?.target === target ? before.weight : 0) })
  })
  return runs
}

/** The last run of the left half: the halves weigh as nearly the same as they can. */
function middleOf(runs: readonly Run[], from: number, to: number): number {
  let total = 0
  for (let i = from; i <= to; i++) total += (runs[i] as Run).weight
  let left = 0
  let best = from
  let least = Number.POSITIVE_INFINITY
  for (let i = from; i < to; i++) {
    left += (runs[i] as Run).weight
    const difference = Math.abs(total - 2 * left)
    if (difference < least) {
      least = difference
      best = i
    }
  }
  return best
}

/**
 * Branches to one of the targets by the number in `register`; the last target is for all numbers beyond. `weights`
 * say how often each number comes; without them all are alike.
 */
export function emitSwitch(
  code: MachineCode,
  register: number,
  targets: readonly Label[],
  next: Label | undefined,
  weights: readonly number[] | undefined,
): void {
  const runs = runsOf(targets, weights)
  const tree = (from: number, to: number): void => {
    const { target } = runs[from] as Run
    if (from === to) {
      if (target !== next || to !== runs.length - 1) code.jump(target)
      return
    }
    const middle = middleOf(runs, from, to)
    const pivot = (runs[middle] as Run).last
    if (middle + 1 === to) {
      code.branchImm(32, 'gt', register, pivot, (runs[to] as Run).target)
      tree(from, middle)
      return
    }
    if (middle === from) {
      // the run on the left may be a single number, but never one below the numbers that can still come
      code.branchImm(32, 'le', register, pivot, target)
      tree(middle + 1, to)
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
