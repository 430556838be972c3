/** The part of vitest's JSON report that the totals need. */
import { relative } from 'node:path'
import type { SkippedTest } from './skips.ts'

export interface Report {
  readonly testResults: readonly {
    readonly status: string
    /** The file. */
    readonly name: string
    readonly assertionResults: readonly {
      readonly status: string
      /** Titles of the groups around it, outermost first. */
      readonly ancestorTitles: readonly string[]
      readonly title: string
    }[]
  }[]
}

export interface Totals {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

/** Counts tests by outcome. A file that fails outside its tests, such as in an import, counts as one failed. */
export function totalsOf({ testResults }: Report): Totals {
  const outcomes = testResults.flatMap(({ status, assertionResults }) => {
    const own = assertionResults.map((test) => test.status)
    return status === 'failed' && !own.includes('failed') ? [...own, 'failed'] : own
  })
  const count = (outcome: string): number => outcomes.filter((status) => status === outcome).length
  const [passed, failed] = [count('passed'), count('failed')]
  return { passed, failed, skipped: outcomes.length - passed - failed }
}

/** The tests that were skipped; their files relative to `root`. */
export function skippedIn({ testResults }: Report, root: string): SkippedTest[] {
  return testResults.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status }) => status !== 'passed' && status !== 'failed')
      .map(({ ancestorTitles, title }) => ({
        file: relative(root, name),
        titles: [...ancestorTitles, title],
      })),
  )
}
