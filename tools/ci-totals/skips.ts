/** Which tests were skipped, and why: the reasons stand in titles, `name (skipped: reason)`. Pure. */

/** A test with the titles of the groups around it, outermost first. */
export interface SkippedTest {
  readonly file: string
  readonly titles: readonly string[]
  /** The reason that the test itself gave when it skipped. */
  readonly note?: string | undefined
}

/** Tests skipped for one reason; undefined for those that give none. */
export interface SkipGroup {
  readonly reason: string | undefined
  readonly tests: readonly SkippedTest[]
}

/** Titles of tests without a reason that are listed. */
const LISTED = 10

function reasonOf({ titles, note }: SkippedTest): string | undefined {
  const [reason] = titles.flatMap((title) => /\(skipped: (.*)\)$/.exec(title)?.[1] ?? [])
  return note ?? reason
}

/** Groups tests by reason: most tests first, and at the end those without a reason. */
export function groupSkips(tests: readonly SkippedTest[]): SkipGroup[] {
  const groups = new Map<string | undefined, SkippedTest[]>()
  for (const test of tests) {
    const reason = reasonOf(test)
    groups.set(reason, [...(groups.get(reason) ?? []), test])
  }
  const weight = ({ reason, tests }: SkipGroup) => (reason === undefined ? -1 : tests.length)
  return [...groups].map(([reason, tests]) => ({ reason, tests })).sort((a, b) => weight(b) - weight(a))
}

/** The list as lines of text, for people. */
export function describeSkips(tests: readonly SkippedTest[]): string {
  if (tests.length === 0) return 'No test was skipped.\n'
  const lines = groupSkips(tests).flatMap(({ reason, tests }) => [
    `  ${reason ?? 'NO REASON GIVEN: use testUnless or describeUnless (test/needs.fixture.ts)'}`,
    `    ${counted(tests.length, 'test')} in ${filesOf(tests)}`,
    ...(reason === undefined
      ? tests.slice(0, LISTED).map(({ titles }) => `    - ${titles.join(' > ')}`)
      : []),
  ])
  return `${counted(tests.length, 'test')} skipped:\n${lines.join('\n')}\n`
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

function filesOf(tests: readonly SkippedTest[]): string {
  const files = [...new Set(tests.map(({ file }) => file))]
  return files.length <= 3 ? files.join(', ') : `${files.length} files`
}
