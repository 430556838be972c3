/** The part of vitest's JSON report that the totals need. */

export interface Report {
  readonly testResults: readonly {
    readonly status: string
    readonly assertionResults: readonly { readonly status: string }[]
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
