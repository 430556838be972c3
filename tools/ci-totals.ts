/**
 * Prints the totals of a test run, `N passed, N failed, N skipped`, from the report that vitest's JSON reporter
 * wrote. Exit code 1 if anything failed. Used by .ci/run.
 */
import { readFileSync } from 'node:fs'
import { type Report, totalsOf } from './ci-totals/report.ts'

const [path = ''] = process.argv.slice(2)
const { passed, failed, skipped } = totalsOf(JSON.parse(readFileSync(path, 'utf8')) as Report)
process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`)
process.exitCode = failed > 0 ? 1 : 0
