import { expect, test } from 'vitest'
import { skippedIn, totalsOf } from './report.ts'

const file = (status: string, ...tests: string[]) => ({
  status,
  name: '/tree/a.test.ts',
  assertionResults: tests.map((outcome) => ({ status: outcome, ancestorTitles: ['group'], title: outcome })),
})

test('tests by outcome; pending, todo and disabled ones are skipped', () => {
  const testResults = [
    file('passed', 'passed', 'pending', 'passed'),
    file('failed', 'failed', 'todo', 'skipped'),
  ]
  expect(totalsOf({ testResults })).toEqual({ passed: 2, failed: 1, skipped: 3 })
})

test('a file that fails outside its tests counts as one failed', () => {
  expect(totalsOf({ testResults: [file('failed'), file('failed', 'passed')] })).toEqual({
    passed: 1,
    failed: 2,
    skipped: 0,
  })
})

test('skipped tests have their file and titles', () => {
  const testResults = [file('passed', 'passed', 'pending'), file('failed', 'failed')]
  expect(skippedIn({ testResults }, '/tree')).toEqual([{ file: 'a.test.ts', titles: ['group', 'pending'] }])
})
