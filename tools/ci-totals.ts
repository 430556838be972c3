/**
 * Prints which tests were skipped and why, and the totals of test runs, `N passed, N failed, N skipped`, from the reports
 * that vitest's JSON reporter wrote. A run without a report didn't come to its end, and counts as one failed. Exit code 1
 * if anything failed, or was skipped without a reason. Used by .ci/run.
 */
import { existsSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { type Report, skippedIn, totalsOf } from './ci-totals/report.ts'
import { describeSkips, groupSkips } from './ci-totals/skips.ts'

const NO_END: Report = { testResults: [{ status: 'failed', name: '', assertionResults: [] }] }

function reportAt(path: string): Report {
  if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8')) as Report
  process.stdout.write(`the run '${basename(path)}' did not come to its end in time: there is no report\n`)
  return NO_END
}

const testResults = process.argv.slice(2).flatMap((path) => reportAt(path).testResults)
const skips = skippedIn({ testResults }, process.cwd())
process.stdout.write(describeSkips(skips))
const { passed, failed, skipped } = totalsOf({ testResults })
process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`)
const unexplained = groupSkips(skips).some(({ reason }) => reason === undefined)
process.exitCode = failed > 0 || unexplained ? 1 : 0
