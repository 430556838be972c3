import { expect, test } from 'vitest'
import { describeSkips, groupSkips, type SkippedTest } from './skips.ts'

const skipped = (file: string, ...titles: string[]): SkippedTest => ({ file, titles })

test('reasons come from titles of tests and groups, or from the test itself', () => {
  const tests = [
    skipped('a.test.ts', 'in the kernel (skipped: this machine lacks bpf: EPERM (no root))', 'one'),
    skipped('b.test.ts', 'two'),
    skipped('b.test.ts', 'in the kernel (skipped: this machine lacks bpf: EPERM (no root))', 'three'),
    { ...skipped('c.test.ts', 'four'), note: 'no namespaces' },
  ]
  expect(groupSkips(tests).map(({ reason, tests }) => [reason, tests.length])).toEqual([
    ['this machine lacks bpf: EPERM (no root)', 2],
    ['no namespaces', 1],
    [undefined, 1],
  ])
})

test('the list names files, and tests without a reason', () => {
  const tests = ['a', 'b', 'c', 'd'].map((name) =>
    skipped(`${name}.test.ts`, 'x (skipped: lua5.4 is missing)'),
  )
  expect(describeSkips([...tests, skipped('e.test.ts', 'group', 'why')])).toBe(`5 tests skipped:
  lua5.4 is missing
    4 tests in 4 files
  NO REASON GIVEN: use testUnless or describeUnless (test/needs.fixture.ts)
    1 test in e.test.ts
    - group > why
`)
  expect(describeSkips([])).toBe('No test was skipped.\n')
})
